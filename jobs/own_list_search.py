"""The own list of an order as a source of businesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from pipeline.campaign import OWN_LIST
from pipeline.imports.own_list import OwnList
from pipeline.imports.table_text import Unreadable
from pipeline.place import Area, Place, PlaceQuery
from store import own_lists
from store.database import Role, transaction
from store.leases import Lease


class OwnListSearch:
    """Reads the rows of the list an order names, as long as it is kept."""

    name: str = OWN_LIST
    is_paid = False

    def __init__(self, lease: Lease, list_id: UUID | None) -> None:
        self._lease = lease
        self._list_id = list_id
        self._remarks: list[str] = []

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        found = self._read()
        return found.area if found else None

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        found = self._read()
        try:
            yield list(found.places()) if found else []
        except Unreadable as problem:
            self._remarks.append(str(problem))

    def remarks(self) -> Sequence[str]:
        return self._remarks

    def _read(self) -> OwnList | None:
        if self._list_id is None:
            return None
        with transaction(Role.WORKER, lease=self._lease) as conn:
            return own_lists.read(conn, self._lease.workspace_id, self._list_id)
