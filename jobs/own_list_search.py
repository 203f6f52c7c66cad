"""The own list of an order as a source of businesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.campaign import LEAD_BOOK, OWN_LIST, CampaignSpec
from pipeline.discovery.again import place_again
from pipeline.imports.own_list import OwnList
from pipeline.imports.table_text import Unreadable
from pipeline.place import Area, Place, PlaceQuery
from store import own_lists
from store.database import Role, transaction
from store.leases import Lease


class OwnListSearch:
    """Reads the list an order names, as long as it is kept; calls ``simulated`` when a company of it comes from a
    stand-in."""

    is_paid = False

    def __init__(self, lease: Lease, spec: CampaignSpec, simulated: Callable[[], None]) -> None:
        self.name: str = LEAD_BOOK if spec.is_of_book else OWN_LIST
        self._lease = lease
        self._list_id = spec.own_list
        self._simulated = simulated
        self._remarks: list[str] = []

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        found = self._read()
        return found.area if found else None

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        found = self._read()
        if found and found.is_of_book:
            yield self._chosen(found)
            return
        try:
            yield list(found.places()) if found else []
        except Unreadable as problem:
            self._remarks.append(str(problem))

    def remarks(self) -> Sequence[str]:
        return self._remarks

    def _chosen(self, found: OwnList) -> list[Place]:
        with transaction(Role.WORKER, lease=self._lease) as conn:
            chosen = own_lists.chosen(conn, self._lease.workspace_id, found.companies)
        if chosen.is_simulated:
            self._simulated()
        return [place_again(business) for business in chosen.businesses]

    def _read(self) -> OwnList | None:
        if self._list_id is None:
            return None
        with transaction(Role.WORKER, lease=self._lease) as conn:
            return own_lists.read(conn, self._lease.workspace_id, self._list_id)
