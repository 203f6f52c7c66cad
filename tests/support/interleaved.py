"""Two transactions at the same time, in an order that a test decides."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TypeVar

from tests.support.servers import Database, rows
from tests.support.workers import eventually

_T = TypeVar("_T")
_WAITING = (
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
)


def begun(pool: Executor, database: Database, act: Callable[[], _T]) -> Future[_T]:
    """Have something done beside the transaction a test has open; returns when it is done, or waits for a lock."""
    other = pool.submit(act)
    eventually(lambda: other.done() or rows(database.superuser_url, _WAITING) != [(0,)], "the other one")
    return other
