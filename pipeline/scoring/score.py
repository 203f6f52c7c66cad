"""How sure we are that a business is real, is what was asked for, and can be reached: 0 to 100.

The score is the sum of the parts below. Each part earns a share of its weight by one plain rule and says in a
sentence what it saw, so a score can be checked by hand and recomputed with other weights at no cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from pipeline.contact.contacts import is_free_mail, registered_domain
from pipeline.geo.location import distance_km
from pipeline.lead import Business, ScorePart
from pipeline.place import Area, TypeMatch
from pipeline.words.categories import BUSINESS_KEYS, label_for
from pipeline.words.text import folded

WEIGHTS: Mapping[str, int] = MappingProxyType(
    {
        "category": 15,  # is it the kind of business that was asked for
        "name": 10,  # does it carry a name of its own
        "address": 20,  # can it be visited: street, house number, postcode, city
        "phone": 15,  # can it be called
        "website": 15,  # does it have a site of its own
        "email": 10,  # can it be written to
        "opening_hours": 5,  # somebody cared to record when it is open
        "freshness": 5,  # how old the observation is
        "corroboration": 5,  # do several records agree that it exists
    }
)
"""The most points of each part, 100 in all. Name, category, full address, phone and website make 75; name and
category alone never reach 40."""

_NO_NAMES = frozenset(
    {"test", "unnamed", "no name", "noname", "unknown", "todo", "fixme", "na", "none", "name"}
)
_DAYS_PER_YEAR = 365.25
_FRESHNESS = ((1, 100), (3, 60), (5, 30))  # not older than so many years: so many percent


@dataclass(frozen=True, slots=True)
class ScoreContext:
    """What a score is measured against: the types asked for, and the day it is made."""

    types: tuple[TypeMatch, ...]
    today: date


_Share = tuple[int, str]  # percent of the weight earned, and the evidence


def scored(business: Business, context: ScoreContext, weights: Mapping[str, int] = WEIGHTS) -> Business:
    """The business with its score and the parts of it; earlier parts are replaced.

    Raises ValueError when ``weights`` does not name each part once with numbers from 0 that make 100.
    """
    if weights.keys() != WEIGHTS.keys() or sum(weights.values()) != 100 or min(weights.values()) < 0:
        raise ValueError(f"weights must give {', '.join(WEIGHTS)} numbers from 0 that make 100")
    parts = tuple(_part(name, rule(business, context), weights[name]) for name, rule in _RULES.items())
    return replace(business, score_parts=parts, confidence=sum(part.points for part in parts))


def ranked(businesses: Iterable[Business], area: Area) -> list[Business]:
    """Best first: by confidence, then nearest to the middle of the area, then by name and key."""

    def order(business: Business) -> tuple[int, float, str, str]:
        away_km = float("inf")
        if business.lat is not None and business.lon is not None:
            away_km = distance_km(area.lat, area.lon, business.lat, business.lon)
        return -business.confidence, away_km, business.name.casefold(), business.key

    return sorted(businesses, key=order)


def qualified(businesses: Sequence[Business], min_confidence: int) -> list[Business]:
    """Those that reach the confidence asked for, in the order given."""
    return [business for business in businesses if business.confidence >= min_confidence]


def _part(name: str, share: _Share, weight: int) -> ScorePart:
    percent, evidence = share
    return ScorePart(name=name, points=(weight * percent + 50) // 100, weight=weight, evidence=evidence)


def _category(business: Business, context: ScoreContext) -> _Share:
    label = f"{label_for(business.category)} ({business.category})"
    tagged = [match.typed for match in context.types if business.category in match.tags]
    if tagged:
        return 100, f"Recorded as {label}, which “{tagged[0]}” asks for."
    by_words = [match for match in context.types if match.words and not match.tags]
    name = f" {folded(business.name)} "
    in_name = [match.typed for match in by_words if all(f" {word}" in name for word in match.words)]
    if in_name:
        return 80, f"The name holds “{in_name[0]}”; recorded as {label}."
    if by_words:
        return 50, f"Found by the words “{by_words[0].typed}” in its record; recorded as {label}."
    if business.category.partition("=")[0] not in BUSINESS_KEYS:
        # A type that only its source knows; the source gave it as an answer to what was asked for.
        return 50, f"{business.origins[0].label} lists it for what was asked for; recorded as {label}."
    return 0, f"Recorded as {label}, which was not asked for."


def _name(business: Business, context: ScoreContext) -> _Share:
    name = folded(business.name)
    if name in _NO_NAMES:
        return 0, f"“{business.name}” is a placeholder, not a name."
    if not any(char.isalpha() for char in name) or len(name) < 2:
        return 30, f"“{business.name}” is hardly a name."
    if name == folded(label_for(business.category)):
        return 50, f"“{business.name}” only says what kind of business it is."
    return 100, f"It has a name of its own: {business.name}."


def _address(business: Business, context: ScoreContext) -> _Share:
    street = business.street
    number = street is not None and any(char.isdigit() for char in street)
    parts = {
        "street": (40, street),
        "house number": (20, number),
        "postcode": (20, business.postcode),
        "city": (20, business.city),
    }
    there = [name for name, (_, value) in parts.items() if value]
    missing = [name for name, (_, value) in parts.items() if not value]
    share = sum(percent for percent, value in parts.values() if value)
    if not there:
        return 0, "No part of the address is recorded."
    if not missing:
        return 100, f"The address is complete: {business.address}."
    return share, f"Recorded: {', '.join(there)}; missing: {', '.join(missing)}."


def _phone(business: Business, context: ScoreContext) -> _Share:
    if business.phone:
        return 100, f"{business.phone} is a valid phone number."
    return 0, _empty(business, "phone")


def _website(business: Business, context: ScoreContext) -> _Share:
    if business.domain:
        return 100, f"It has its own website at {business.domain}."
    if business.website:
        return 40, _empty(business, "domain")
    return 0, _empty(business, "website")


def _email(business: Business, context: ScoreContext) -> _Share:
    if business.email is None:
        return 0, _empty(business, "email")
    host = business.email.rpartition("@")[2]
    if business.domain and registered_domain(host) == registered_domain(business.domain):
        return 100, f"The e-mail address belongs to the website's domain {business.domain}."
    if is_free_mail(host):
        return 50, f"The e-mail address is with the mailbox provider {host}."
    compared = f"not at {business.domain}" if business.domain else "with no website to compare"
    return 70, f"The e-mail address is at {host}, {compared}."


def _opening_hours(business: Business, context: ScoreContext) -> _Share:
    if business.opening_hours:
        return 100, "Opening hours are recorded."
    return 0, _empty(business, "opening_hours")


def _freshness(business: Business, context: ScoreContext) -> _Share:
    days = [origin.observed_on for origin in business.origins if origin.observed_on]
    if not days:
        return 0, "The source does not say when this was observed."
    years = (context.today - max(days)).days / _DAYS_PER_YEAR
    share = next((percent for limit, percent in _FRESHNESS if years <= limit), 0)
    age = "less than a year ago" if years < 1 else f"{years:.0f} {'year' if years < 1.5 else 'years'} ago"
    return share, f"Last observed on {max(days)}, {age}."


def _corroboration(business: Business, context: ScoreContext) -> _Share:
    labels = dict.fromkeys(origin.label for origin in business.origins)
    if len(labels) > 1:
        return 100, f"{' and '.join(labels)} agree on this business."
    if len(business.origins) > 1:
        return 60, f"{len(business.origins)} records of {next(iter(labels))} agree on this business."
    return 0, f"One record of {next(iter(labels))} holds this business."


def _empty(business: Business, field: str) -> str:
    return business.empty_reasons.get(field, "Not recorded.")


_RULES: Mapping[str, Callable[[Business, ScoreContext], _Share]] = MappingProxyType(
    {
        "category": _category,
        "name": _name,
        "address": _address,
        "phone": _phone,
        "website": _website,
        "email": _email,
        "opening_hours": _opening_hours,
        "freshness": _freshness,
        "corroboration": _corroboration,
    }
)
