"""What a worker tells Postgres of itself every few seconds, with a round of the reconciler."""

from __future__ import annotations

import logging
import os
import socket

from jobs import reconciler
from store import readiness, workers
from store.database import DatabaseError, Role, transaction
from store.readiness import NotReady

log = logging.getLogger(__name__)


def tick(name: str) -> None:
    """Say that the worker lives, and mend what nobody runs. Raises NotReady when the database was prepared with another
    APP_SECRET than this process has; one that is only away is waited for."""
    try:
        with transaction(Role.SYSTEM) as conn:
            readiness.check_secret(conn)
            workers.report(conn, name, os.getpid(), socket.gethostname())
        reconciler.tick()
    except DatabaseError as error:
        if readiness.refuses_login(error):
            raise NotReady(readiness.refusal(Role.SYSTEM, error)) from error
        log.warning(
            "reconciler_postponed: %s", type(error).__name__, extra={"action": "reconciler_postponed"}
        )


def say_goodbye(name: str) -> None:
    """Leave the list of workers at once."""
    try:
        with transaction(Role.SYSTEM) as conn:
            workers.stopped(conn, name)
    except DatabaseError:
        log.warning("worker_goodbye_failed", extra={"action": "worker_goodbye_failed"})
