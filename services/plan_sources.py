"""What stands in a plan where a run has its sources: the catalogue, and nobody to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from pipeline.campaign import OPEN_DATA
from pipeline.place import Area, Place, PlaceQuery
from services.held_calls import not_asked
from store import place_meaning, places
from store.database import Connection


class Silent:
    """Stands where a run has the network: whoever wants to ask hears that nobody is asked."""

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        def refuse(*args: object, **values: object) -> NoReturn:
            raise not_asked("")

        return refuse


class Catalogue:
    """The open data inside the plan's own transaction."""

    name: str = OPEN_DATA
    is_paid = False

    def __init__(self, conn: Connection, most: int) -> None:
        """``most``: of more places than so many only one more is read."""
        self._conn = conn
        self._most = most

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        return place_meaning.locate(self._conn, location, radius_km)

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        found, _ = places.search(self._conn, query, places.Cursor(), self._most + 1)
        yield found

    def remarks(self) -> Sequence[str]:
        return ()
