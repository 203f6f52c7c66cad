"""The open-data catalogue as a source of businesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.campaign import OPEN_DATA
from pipeline.errors import SpecError
from pipeline.place import Area, Place, PlaceQuery
from store import place_imports, place_meaning, places
from store.database import Role, transaction
from store.places import Cursor
from store.readiness import EMPTY_CATALOGUE

_BATCH = 500
_WITNESSES = 2_000


def known_locality(location: str, radius_km: float | None) -> Area | None:
    """The area of a location that is coordinates or in the catalogue's list of places; None for any other."""
    with transaction(Role.WORKER) as conn:
        return place_meaning.locate(conn, location, radius_km)


class CatalogueSearch:
    """Searches the catalogue in one short transaction, and hands on what it found in batches."""

    name: str = OPEN_DATA
    is_paid = False

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        with transaction(Role.WORKER) as conn:
            if not place_imports.any_places(conn):
                # Said when no other source finds anything either.
                raise SpecError(EMPTY_CATALOGUE)
        return known_locality(location, radius_km)

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        with transaction(Role.WORKER) as conn:
            found, _ = places.search(conn, query, Cursor(), query.limit)
            closed = places.closed_near(conn, query, _WITNESSES) if found else []
        # What one source says is closed casts a doubt on what another one has as open.
        sources = {place.source for place in found}
        found += [place for place in closed if sources - {place.source}]
        for start in range(0, len(found), _BATCH):
            yield found[start : start + _BATCH]

    def remarks(self) -> Sequence[str]:
        return ()
