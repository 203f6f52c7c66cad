"""The single score of earlier versions: the rules that the minimum of an order placed then asks for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.contact.contacts import is_free_mail
from pipeline.contact.suffixes import registered_domain
from pipeline.lead import Business
from pipeline.scoring import confidence, reach
from pipeline.scoring.figures import WEIGHTS, Figure, Rule, ScoreContext, Share, Subject, parts, total

_DAYS_PER_YEAR = 365.25
_FRESHNESS = ((1, 100), (3, 60), (5, 30))


def single_score(business: Business, context: ScoreContext) -> int:
    """The score, 0-100, as those versions made it; of a business rated by one of them, what it wrote down then."""
    if business.reach is None:
        return business.confidence
    return total(parts(RULES, WEIGHTS[Figure.SCORE], Subject(business=business, context=context)))


def _given(field: str) -> Rule:
    return lambda subject: (100 if subject.business.value(field) else 0, "")


def _website(subject: Subject) -> Share:
    return 100 if subject.business.domain else 40 if subject.business.website else 0, ""


def _email(subject: Subject) -> Share:
    business = subject.business
    if business.email is None:
        return 0, ""
    host = business.email.rpartition("@")[2]
    if business.domain and registered_domain(host) == registered_domain(business.domain):
        return 100, ""
    return 50 if is_free_mail(host) else 70, ""


def _freshness(subject: Subject) -> Share:
    days = [origin.observed_on for origin in subject.business.origins if origin.observed_on]
    if not days:
        return 0, ""
    years = (subject.context.today - max(days)).days / _DAYS_PER_YEAR
    return next((percent for limit, percent in _FRESHNESS if years <= limit), 0), ""


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "category": confidence.category,
        "name": confidence.name,
        "address": reach.address,
        "phone": _given("phone"),
        "website": _website,
        "email": _email,
        "opening_hours": _given("opening_hours"),
        "freshness": _freshness,
        "corroboration": confidence.corroboration,
    }
)
