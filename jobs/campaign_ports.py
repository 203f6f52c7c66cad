"""The pipeline's ports over Postgres: every write holds the lease, or does not happen."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from jobs.tracing import Stages
from pipeline.campaign import Stage
from pipeline.company_keys import Stand
from pipeline.enrichment.silenced import contacts_of, silenced
from pipeline.errors import Draining, LeaseLost
from pipeline.lead import Business, Contact, Lead
from pipeline.ports import KNOWN_FOR_DAYS, Metrics
from pipeline.providers.declaration import Kind
from pipeline.providers.registry import registry
from pipeline.suppression import Listed, SuppressedBy, SuppressedKind, of_kind
from store import (
    businesses,
    crash_points,
    customers,
    known_companies,
    lead_rows,
    leases,
    locks,
    met_companies,
    own_lists,
    progress,
    provider_setup,
    retention,
    suppressions,
    verdicts,
)
from store.database import Connection, Role, statements, transaction
from store.leases import Lease
from store.met_companies import Met


@contextmanager
def fenced(lease: Lease) -> Iterator[Connection]:
    """A transaction that owns the job for its duration. Raises LeaseLost or Cancelled."""
    with transaction(Role.WORKER, lease=lease) as conn:
        leases.fence(conn, lease)
        yield conn


@contextmanager
def owned(lease: Lease) -> Iterator[Connection]:
    """As ``fenced``, also after a cancellation or the deadline: what was paid for by then is kept. Raises LeaseLost."""
    with transaction(Role.WORKER, lease=lease) as conn:
        if not leases.is_ours(conn, lease):
            raise LeaseLost
        yield conn


@contextmanager
def statements_of(lease: Lease) -> Iterator[Connection]:
    """Single statements that see what the lease lets see, in one round trip each. With the lease lost they see nothing:
    for what is only read, before something that is written under the lease."""
    with statements(lease) as conn:
        yield conn


class StoredProgress:
    """Progress as rows people read. Raises Draining between two reports once ``draining`` is set."""

    def __init__(self, lease: Lease, draining: threading.Event, stages: Stages | None = None) -> None:
        self._lease = lease
        self._draining = draining
        self._stages = stages or Stages(lease.job_id, lease.token)

    def report(self, stage: Stage, percent: int, metrics: Metrics, message: str | None = None) -> None:
        self._stages.reached(stage.value)
        with fenced(self._lease) as conn:
            progress.record(conn, self._lease, stage, percent, metrics, message)
            crash_points.here("progress.committing")
        crash_points.here("progress.committed")
        if self._draining.is_set() and stage is not Stage.STORING:
            raise Draining


class StoredMemory:
    """Checkpoints as rows. ``today``, the day of the run, is what the time values may be kept counts from; one that
    ``refreshes`` knows no contact of earlier campaigns."""

    def __init__(self, lease: Lease, today: date, *, refreshes: bool = False) -> None:
        self._lease = lease
        self._refreshes = refreshes
        self._today = today
        self._kept_days = retention.kept_days()

    def is_discovered(self) -> bool:
        with fenced(self._lease) as conn:
            return businesses.is_discovered(conn, self._lease)

    def businesses(self) -> Sequence[Business]:
        with fenced(self._lease) as conn:
            return businesses.discovered(conn, self._lease)

    def save_businesses(self, chosen: Sequence[Business]) -> None:
        if chosen:
            with fenced(self._lease) as conn:
                businesses.save(conn, self._lease, chosen, self._today, self._kept_days)
                crash_points.here("businesses.committing")
            crash_points.here("businesses.committed")

    def note_left_out(self, left_out: Mapping[Listed, int]) -> None:
        with fenced(self._lease) as conn:
            suppressions.note_left_out(conn, self._lease, left_out)

    def note_in_book(self, number: int) -> None:
        with fenced(self._lease) as conn:
            met_companies.note(conn, self._lease, Met.IN_BOOK, number)

    def in_book(self) -> int:
        with fenced(self._lease) as conn:
            return met_companies.noted(conn, self._lease, Met.IN_BOOK)

    def note_customers(self, number: int) -> None:
        with fenced(self._lease) as conn:
            met_companies.note(conn, self._lease, Met.CUSTOMERS, number)

    def customers(self) -> int:
        with fenced(self._lease) as conn:
            return met_companies.noted(conn, self._lease, Met.CUSTOMERS)

    def finish_discovery(self) -> None:
        with fenced(self._lease) as conn:
            businesses.finish_discovery(conn, self._lease)
            own_lists.let_go(conn, self._lease)
            crash_points.here("discovery.committing")
        crash_points.here("discovery.committed")

    def leads(self) -> Sequence[Lead]:
        with fenced(self._lease) as conn:
            return lead_rows.stored(conn, self._lease)

    def save_leads(self, leads: Sequence[Lead]) -> None:
        values = [value for lead in leads for value in contacts_of(lead)]
        with owned(self._lease) as conn:
            # Held before the look: nobody comes onto the list between it and what is written.
            locks.hold_companies(conn, self._lease.workspace_id)
            hidden = suppressions.found(conn, self._lease.workspace_id, values)
            shown = [silenced(lead, hidden) for lead in leads]
            lead_rows.save(conn, self._lease, shown, self._today, self._kept_days)
            crash_points.here("leads.committing")
        crash_points.here("leads.committed")

    def known_contact(self, domain: str) -> Contact | None:
        if self._refreshes:
            return None
        with statements_of(self._lease) as conn:
            return verdicts.known_contact(conn, self._lease, domain, KNOWN_FOR_DAYS, _checks())


def _checks() -> list[verdicts.Check]:
    """The questions whose kept answers are verdicts about an address."""
    endpoints = provider_setup.endpoints()
    return [
        verdicts.Check(spec.key, operation.name, endpoints[spec.key].base_url)
        for spec in registry()
        if spec.kind is Kind.VERIFIER and spec.key in endpoints
        for operation in spec.operations
        if operation.about == ("email",)
    ]


class StoredBook:
    """The companies other campaigns of the workspace found."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def stands(self, keys: Sequence[bytes]) -> Mapping[bytes, Stand]:
        # Fenced: a run that lost its lease would see an empty book, and pay for everybody in it.
        with fenced(self._lease) as conn:
            return known_companies.stands(conn, self._lease.workspace_id, keys, self._lease.campaign_id)


class StoredCustomers:
    """The workspace's lists of customers. Fenced, as the book is."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def named(self, values: Sequence[str]) -> frozenset[str]:
        with fenced(self._lease) as conn:
            return customers.named(conn, self._lease.workspace_id, values)

    def stands(self, keys: Sequence[bytes]) -> Mapping[bytes, Stand]:
        with fenced(self._lease) as conn:
            return customers.stands(conn, self._lease.workspace_id, keys)


class StoredSuppressions:
    """The workspace's suppression list."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def suppressed(self, values: Sequence[str]) -> frozenset[str]:
        with statements_of(self._lease) as conn:
            return suppressions.found(conn, self._lease.workspace_id, values)

    def entries(self, values: Sequence[str]) -> Mapping[str, Listed]:
        with statements_of(self._lease) as conn:
            return suppressions.listed(conn, self._lease.workspace_id, values)

    def suppress(self, value: str, reason: str) -> None:
        kind = SuppressedKind.EMAIL if "@" in value else SuppressedKind.DOMAIN
        entry = suppressions.Entry(subject=of_kind(kind, value), reason=reason, source=SuppressedBy.PROVIDER)
        with owned(self._lease) as conn:
            suppressions.add(conn, self._lease.workspace_id, [entry])
            crash_points.here("suppression.committing")
