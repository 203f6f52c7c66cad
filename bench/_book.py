"""Lead books of any size: copies of the leads of campaigns on the shipped places, as wide as those."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from uuid import UUID

import settings
from bench._copies import fill
from bench._installation import installation
from embedded.layout import Layout
from embedded.postgres import DATABASE, Postgres
from pipeline.campaign import CampaignSpec
from services import book, campaigns
from services.book import CompanyRow
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from store import database
from store.leases import Lease
from tests.support.campaigns import claimed, lead, store_leads, submitted
from tests.support.workers import eventually, worker

_ORDERS = (("cafe", "restaurant"), ("shops",), ("dentist", "hairdresser", "lawyer"))
NAMED = ("DATABASE_URL", "REDIS_URL", "DATA_DIR")


@dataclass(frozen=True)
class Book:
    """A filled book, and whom it belongs to; ``mine`` counts their leads."""

    owner: Person
    mine: int
    environment: Mapping[str, str]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1_000_000))

    @cached_property
    def _best(self) -> CompanyRow:
        return book.companies(self.owner, LeadFilter(), LeadSort.BEST, date(2026, 11, 26), 0, 1).rows[0]

    @property
    def some_company(self) -> UUID:
        """One of the best of the book."""
        return self._best.company_id

    @property
    def some_campaign(self) -> UUID:
        """The one that found it."""
        return self._best.campaign_id

    @cached_property
    def _lease(self) -> Lease:
        return claimed(self.owner, submitted(self.owner))

    def store_one(self) -> None:
        """Store a lead whose company nobody has met."""
        store_leads(self._lease, [lead(next(self._numbers), phone="+358401234567")])


@contextmanager
def book_of(leads: int, workspaces: int = 10) -> Iterator[Book]:
    """A book with about so many leads in so many workspaces, one of them mine, in an installation of its own; the
    settings of this process name it."""
    # The book filled before stays as it is; nobody renews the lease that leads are stored under.
    database.dispose()
    os.environ["LEASE_S"] = "300"
    with installation() as (folder, owner):
        environment = {name: os.environ[name] for name in NAMED}
        _find(owner, folder)
        mine = fill(Postgres(Layout(folder)).url("postgres", DATABASE), owner, leads, workspaces)
        yield Book(owner, mine, environment)
        switch_to_environment(environment)


def switch_to(of: Book) -> None:
    """From now on this process asks that book."""
    switch_to_environment(of.environment)


def switch_to_environment(environment: Mapping[str, str]) -> None:
    """From now on this process asks the installation of these settings."""
    if os.environ["DATABASE_URL"] != environment["DATABASE_URL"]:
        os.environ.update(environment)
        settings.get.cache_clear()
        database.dispose()


def _find(owner: Person, folder: Path) -> None:
    place = folder / "worker"
    place.mkdir()
    with worker(place):
        for types in _ORDERS:
            spec = CampaignSpec(business_types=types, location="Helsinki", max_results=300, waterfall=())
            campaign = campaigns.submit(owner, spec, types[0])
            eventually(partial(_has_ended, owner, campaign), "a campaign")


def _has_ended(owner: Person, campaign: UUID) -> bool:
    return campaigns.get(owner, campaign).status.is_final
