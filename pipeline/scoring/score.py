"""The figures of businesses: made, compared, and held against what an order asks for.

Each figure is the sum of named parts. A part earns a share of its weight by one plain rule and says in a sentence what
it saw, so a figure can be checked by hand and made again with other weights at no cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.campaign import CampaignSpec
from pipeline.geo.location import distance_km
from pipeline.lead import Business, Lead, StepOutcome
from pipeline.place import Area
from pipeline.scoring import confidence, reach
from pipeline.scoring.criteria import with_criteria
from pipeline.scoring.demands import conditions
from pipeline.scoring.figures import WEIGHTS, Figure, ScoreContext, Subject, Weights, parts, total
from pipeline.scoring.single import single_score


def scored(business: Business, context: ScoreContext, weights: Weights = WEIGHTS) -> Business:
    """The business by what its sources say, with both figures and the parts of them; earlier parts are replaced.

    Raises ValueError when ``weights`` does not name each part once with numbers from 0 that make 100.
    """
    return _rated(Subject(business=business, context=context), weights)


def scored_lead(lead: Lead, context: ScoreContext) -> Business:
    """The business of a lead by what its sources and its look-ups came to, and by the criteria of the order."""
    problem = next(
        (s.detail for s in lead.steps if s.step == reach.SITE and s.outcome is StepOutcome.FAILED), None
    )
    rated = _rated(
        Subject(business=lead.business, context=context, mailbox=lead.email_status, site_problem=problem),
        WEIGHTS,
    )
    return with_criteria(rated, lead.verdicts)


def _rated(subject: Subject, weights: Weights) -> Business:
    sure = parts(confidence.RULES, weights[Figure.CONFIDENCE], subject)
    reached = parts(reach.RULES, weights[Figure.REACH], subject)
    return replace(
        subject.business,
        confidence=total(sure),
        score_parts=sure,
        reach=total(reached),
        reach_parts=reached,
    )


def ranked(businesses: Iterable[Business], area: Area) -> list[Business]:
    """Best first: by both figures together, then by reach, then nearest to the middle of the area, then by name and
    key. So nobody who can be reached is dropped, and who cannot comes last."""

    def order(business: Business) -> tuple[int, int, float, str, str]:
        away_km = float("inf")
        if business.lat is not None and business.lon is not None:
            away_km = distance_km(area.lat, area.lon, business.lat, business.lon)
        reached = business.confidence if business.reach is None else business.reach
        return -business.confidence - reached, -reached, away_km, business.name.casefold(), business.key

    return sorted(businesses, key=order)


def qualified(businesses: Sequence[Business], spec: CampaignSpec, context: ScoreContext) -> list[Business]:
    """Those that meet what the order asks for, in the order given."""
    wanted = conditions(spec)
    return [
        business
        for business in businesses
        if all(condition.keeps(business) for condition in wanted) and _comes_to(business, spec, context)
    ]


def _comes_to(business: Business, spec: CampaignSpec, context: ScoreContext) -> bool:
    """The figures an order asks for."""
    if spec.min_score is not None and single_score(business, context) < spec.min_score:
        return False
    return business.confidence >= spec.min_confidence and (business.reach or 0) >= spec.min_reach
