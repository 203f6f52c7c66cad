"""The pipeline's ports over Postgres: every write holds the lease, or does not happen."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pipeline.campaign import Stage
from pipeline.errors import Draining
from pipeline.lead import Business, Lead
from pipeline.ports import Metrics
from store import businesses as checkpoints
from store import leases, progress
from store.database import Connection, Role, transaction
from store.leases import Lease


@contextmanager
def fenced(lease: Lease) -> Iterator[Connection]:
    """A transaction that owns the job for its duration. Raises LeaseLost or Cancelled."""
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        leases.fence(conn, lease)
        yield conn


class StoredProgress:
    """Progress as rows people read. Raises Draining between two reports once ``draining`` is set."""

    def __init__(self, lease: Lease, draining: threading.Event) -> None:
        self._lease = lease
        self._draining = draining

    def report(self, stage: Stage, percent: int, metrics: Metrics, message: str | None = None) -> None:
        with fenced(self._lease) as conn:
            progress.record(conn, self._lease, stage, percent, metrics, message)
        if self._draining.is_set() and stage is not Stage.STORING:
            raise Draining


class StoredMemory:
    """Checkpoints as rows."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def discovered(self) -> Sequence[Business] | None:
        with fenced(self._lease) as conn:
            if not checkpoints.is_discovered(conn, self._lease):
                return None
            return checkpoints.discovered(conn, self._lease)

    def save_discovered(self, businesses: Sequence[Business]) -> None:
        with fenced(self._lease) as conn:
            checkpoints.save_discovered(conn, self._lease, businesses)

    def enriched_keys(self) -> frozenset[str]:
        with fenced(self._lease) as conn:
            return checkpoints.stored_leads(conn, self._lease)[0]

    def emails_found(self) -> int:
        with fenced(self._lease) as conn:
            return checkpoints.stored_leads(conn, self._lease)[1]

    def save_leads(self, leads: Sequence[Lead]) -> None:
        with fenced(self._lease) as conn:
            checkpoints.save_leads(conn, self._lease, leads)
