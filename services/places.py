"""What a typed place means: the one that is chosen, or those there are to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import SpecError
from pipeline.geo.localities import Locality
from pipeline.money.orders import Order
from pipeline.output.notices import several_places, unknown_location
from services.errors import Invalid
from store import localities, place_imports, place_meaning, places
from store.database import Connection, Role, transaction

_COUNTED = 10_000
"""Businesses of a candidate that are counted one by one; of more, the figure is that of the last import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a text may mean. ``label`` is the text that means it and no other, ``country`` ISO 3166 alpha-2,
    ``businesses`` how many are known there."""

    label: str
    country: str | None
    businesses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMeaning:
    """What a text may mean, the largest first; ``is_chosen`` when it is the first and nothing else."""

    candidates: tuple[Candidate, ...] = ()
    is_chosen: bool = False

    @property
    def offers(self) -> tuple[Candidate, ...]:
        """What there is to choose from."""
        return () if self.is_chosen else self.candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place by its middle, WGS 84 degrees."""

    label: str
    lat: float
    lon: float


def meaning(location: str) -> PlaceMeaning:
    """What a location means to the catalogue; coordinates mean themselves and have no candidates.

    Raises Invalid for a text that cannot be a place.
    """
    with transaction(Role.WEB) as conn:
        found = _found(conn, location)
        return PlaceMeaning(
            candidates=tuple(_candidate(conn, item) for item in found.means.candidates),
            is_chosen=found.area is not None,
        )


def point(location: str) -> Point:
    """The middle of the place a text means. Raises Invalid for a text that means none or several."""
    with transaction(Role.WEB) as conn:
        found = _found(conn, location)
    if found.area:
        return Point(label=found.area.label, lat=found.area.lat, lon=found.area.lon)
    if found.is_ambiguous:
        raise Invalid({"location": several_places(location, found.offers)})
    raise Invalid({"location": f"Nobody here knows “{location}”. Type a town, a district or coordinates."})


def check(order: Order) -> None:
    """Raises Invalid for an order whose place is none, is one of several, or is known to nobody it asks."""
    spec = order.spec
    with transaction(Role.WEB) as conn:
        found = _found(conn, spec.location)
        if found.area:
            return
        if found.is_ambiguous:
            raise Invalid({"location": several_places(spec.location, found.offers)})
        # An empty catalogue is said where it is used; it knows no place to compare with.
        if not order.asks_elsewhere and place_imports.any_places(conn):
            raise Invalid({"location": unknown_location(spec, found.offers)})


def ensure_worked_out() -> bool:
    """Work the localities out again that an earlier version stored; returns whether there were any."""
    with transaction(Role.IMPORTER) as conn:
        place_imports.lock(conn)
        is_old = not localities.are_worked_out(conn)
        if is_old:
            localities.renew(conn)
        return is_old


def _found(conn: Connection, location: str) -> place_meaning.Found:
    try:
        return place_meaning.find(conn, location, None)
    except SpecError as error:
        raise Invalid({"location": str(error)}) from None


def _candidate(conn: Connection, item: Locality) -> Candidate:
    counted = places.number_in(conn, item.area(None), _COUNTED)
    businesses = counted if counted < _COUNTED else max(counted, item.places)
    return Candidate(label=item.label, country=item.country, businesses=businesses)
