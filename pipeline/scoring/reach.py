"""How sure one can be of a business at most by what its sources may say of it, before its contacts are looked up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from pipeline.lead import Business, Origin
from pipeline.place import TypeMatch
from pipeline.providers.declaration import ProviderSpec
from pipeline.scoring.score import ScoreContext, scored

_CATEGORY, _DOMAIN, _DAY = "amenity=cafe", "example.com", date(2000, 1, 1)


def most_before_look_ups(sources: Sequence[ProviderSpec], *, without: Collection[str] = ()) -> int:
    """The highest confidence, 0-100, of a business that all of these sources know, with every field they are asked for
    at its best, but for those ``without``; 0 without sources.

    A lead is chosen by what its sources say, so that no look-up is paid for a business that may not qualify: with a
    higher minimum nothing these sources sell can become a lead.
    """
    if not sources:
        return 0

    def best(field: str, value: str) -> str | None:
        return (
            value if field not in without and any(source.is_asked_for(field) for source in sources) else None
        )

    origins = [
        Origin(source=source.origin or source.key, ref=str(number), observed_on=_DAY)
        for source in sources
        for number in range(2)
    ]
    business = Business(
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
    types = (TypeMatch(typed="cafe", tags=(_CATEGORY,)),)
    return scored(business, ScoreContext(types=types, today=_DAY)).confidence
