"""The towns of a country, a state or a county, with how many businesses are known in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.errors import SpecError
from pipeline.geo.countries import country_code
from pipeline.geo.localities import Locality
from pipeline.place import Level
from services.errors import Invalid, NotFound
from store import localities, place_meaning
from store.database import Connection, Role, transaction

MOST_TOWNS: Final = 1000
_READ = 5000
_WIDE = (Level.STATE, Level.COUNTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town by the text that means it and no other, and how many businesses the catalogue held there at its last
    import."""

    label: str
    businesses: int


def within(place: str) -> tuple[Town, ...]:
    """The towns of a country, state or county, those with most businesses first, at most ``MOST_TOWNS``. Raises Invalid
    for a text that names none of these, and NotFound where no town is known."""
    with transaction(Role.WEB) as conn:
        found = _towns(conn, place)
    if not found:
        raise NotFound(
            f"No town of “{place}” is known here. An administrator can load the places of a country."
        )
    return tuple(Town(label=town.label, businesses=town.places) for town in found[:MOST_TOWNS])


def _towns(conn: Connection, place: str) -> list[Locality]:
    if country := country_code(place):
        return localities.in_country(conn, country, MOST_TOWNS)
    try:
        means = place_meaning.find(conn, place, None).means
    except SpecError as error:
        raise Invalid({"place": str(error)}) from None
    wide = next((item for item in means.candidates if item.level in _WIDE and item.country), None)
    if wide is None or means.is_near:
        raise Invalid({"place": f"“{place}” is no country, state or county that is known here."})
    towns = localities.in_country(conn, wide.country or "", _READ)
    return [town for town in towns if not town.around.isdisjoint(wide.keys)]
