"""What a business can come to at most by what its sources may say of it, before its contacts are looked up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from pipeline.campaign import CampaignSpec
from pipeline.lead import Business, Origin
from pipeline.place import TypeMatch
from pipeline.providers.declaration import ProviderSpec
from pipeline.scoring.figures import Figure, ScoreContext
from pipeline.scoring.score import scored
from pipeline.scoring.single import single_score

_CATEGORY, _DOMAIN, _DAY = "amenity=cafe", "example.com", date(2000, 1, 1)

Most = Mapping[Figure, int]
"""The highest a figure can be, 0-100, by figure."""


def most_before_look_ups(sources: Sequence[ProviderSpec], *, without: Collection[str] = ()) -> Most:
    """The highest figures of a business that all of these sources know, with every field they are asked for at its
    best, but for those ``without``; 0 without sources.

    A lead is chosen by what its sources say, so that no look-up is paid for a business that may not qualify: with a
    higher minimum nothing these sources sell can become a lead.
    """
    if not sources:
        return dict.fromkeys(Figure, 0)
    context = ScoreContext(types=(TypeMatch(typed="cafe", tags=(_CATEGORY,)),), today=_DAY)
    top = scored(_best(sources, without), context)
    return {
        Figure.CONFIDENCE: top.confidence,
        Figure.REACH: top.reach or 0,
        Figure.SCORE: single_score(top, context),
    }


def asked_for(spec: CampaignSpec) -> Most:
    """The minimum an order sets for each figure; those without one are left out."""
    wanted = {
        Figure.CONFIDENCE: spec.min_confidence,
        Figure.REACH: spec.min_reach,
        Figure.SCORE: spec.min_score or 0,
    }
    return {figure: minimum for figure, minimum in wanted.items() if minimum}


def out_of_reach(spec: CampaignSpec, most: Most) -> Most:
    """The figures whose minimum lies above the most, with that most."""
    return {figure: most[figure] for figure, minimum in asked_for(spec).items() if most[figure] < minimum}


def _best(sources: Sequence[ProviderSpec], without: Collection[str]) -> Business:
    """The business whose records say the most."""

    def best(field: str, value: str) -> str | None:
        return (
            value if field not in without and any(source.is_asked_for(field) for source in sources) else None
        )

    origins = [
        Origin(source=source.origin or source.key, ref=str(number), observed_on=_DAY)
        for source in sources
        for number in range(2)
    ]
    return Business(
        name="Anchor",
        category=_CATEGORY,
        lat=None,
        lon=None,
        origins=tuple(dict.fromkeys(origins)),
        address=best("address", "Pier Street 5, 00100 Harbour Town"),
        city=best("city", "Harbour Town"),
        postcode=best("postcode", "00100"),
        phone=best("phone", "+35891234567"),
        website=best("website", f"https://{_DOMAIN}/"),
        domain=best("domain", _DOMAIN),
        email=best("email", f"info@{_DOMAIN}"),
        opening_hours=best("opening_hours", "24/7"),
    )
