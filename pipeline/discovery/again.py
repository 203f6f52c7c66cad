"""A company of the book that is looked up again, as a source returns it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lead import Business
from pipeline.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace(Place):
    """A place that an earlier campaign made a business of, which stays as it is: read anew and merged, it might become
    another one."""

    business: Business


def place_again(business: Business) -> KnownPlace:
    """A company of the book as a place."""
    first = business.origins[0]
    return KnownPlace(
        source=first.source,
        source_ref=first.ref,
        name=business.name,
        category=business.category,
        lat=business.lat,
        lon=business.lon,
        business=business,
    )
