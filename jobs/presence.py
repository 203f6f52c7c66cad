"""What a worker says of itself every few seconds, and what it looks after then."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

import settings
from jobs import duties, reconciler
from pipeline import events
from store import readiness, workers
from store.database import DatabaseError, Role, transaction
from store.readiness import NotReady

log = logging.getLogger(__name__)


def tick(name: str) -> bool:
    """Say that this worker lives and look after the others' campaigns; returns whether it may take one.

    Raises NotReady when the database was prepared with another APP_SECRET than this process has; one that is only away
    is waited for.
    """
    may_work = True
    try:
        with transaction(Role.SYSTEM) as conn:
            readiness.check_secret(conn)
            may_work = workers.report(
                conn, name, os.getpid(), socket.gethostname(), _memory_bytes(), settings.version()
            )
        list(duties.noted("reconcile", _reconciled))
    except DatabaseError as error:
        if readiness.refuses_login(error):
            raise NotReady(readiness.refusal(Role.SYSTEM, error)) from error
        # Postgres is away for the moment; the next heartbeat tries again.
        events.warning(log, "reconciler_postponed", reason=type(error).__name__)
    return may_work


def next_turns() -> None:
    """A campaign ended here: bulk orders take their next turn at once, or with the next tick."""
    try:
        reconciler.next_turns()
    except DatabaseError as error:
        events.warning(log, "reconciler_postponed", reason=type(error).__name__)


def _memory_bytes() -> int | None:
    """What this process holds in memory now, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _reconciled() -> tuple[str, ...]:
    reconciler.tick()
    return ()


def say_goodbye(name: str) -> None:
    """Leave the list of workers at once."""
    try:
        with transaction(Role.SYSTEM) as conn:
            workers.stopped(conn, name)
    except DatabaseError:
        events.warning(log, "worker_goodbye_failed")
