"""The open-data catalogue as a source of businesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.campaign import OPEN_DATA
from pipeline.errors import SpecError
from pipeline.place import Area, Place, PlaceQuery
from store import localities, place_imports, places
from store.database import Role, transaction
from store.places import Cursor
from store.readiness import EMPTY_CATALOGUE

_BATCH = 500


def known_locality(location: str, radius_km: float | None) -> Area | None:
    """The area of a location that is coordinates or in the catalogue's list of places; None for any other."""
    with transaction(Role.WORKER) as conn:
        return localities.locate(conn, location, radius_km)


class CatalogueSearch:
    """Searches the catalogue in short transactions of its own, one a batch."""

    name: str = OPEN_DATA
    is_paid = False

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        with transaction(Role.WORKER) as conn:
            if not place_imports.any_places(conn):
                # Said when no other source finds anything either.
                raise SpecError(EMPTY_CATALOGUE)
        return known_locality(location, radius_km)

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        after: Cursor | None = Cursor()
        left = query.limit
        while after is not None and left > 0:
            with transaction(Role.WORKER) as conn:
                batch, after = places.search(conn, query, after, min(_BATCH, left))
            left -= len(batch)
            if batch:
                yield batch

    def remarks(self) -> Sequence[str]:
        return ()
