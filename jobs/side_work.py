"""What a worker has done beside its campaigns, in a process of its own that may hang: a worker has a heart to beat.

The process is forked, so it starts with the code in memory instead of loading it for seconds.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.context import ForkProcess

from pipeline import events
from store import database
from store.database import DatabaseError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideWork:
    """Work there is beside the campaigns now and then: what its process is called (15 letters at most), whether any
    waits, and doing all of it."""

    name: str
    are_due: Callable[[], bool]
    run_due: Callable[[], Iterable[str]]


_FORK = multiprocessing.get_context("fork")
# Of <linux/prctl.h>.
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


def is_due(what: str, are_due: Callable[[], bool]) -> bool:
    """Whether some of it waits; not while the database is away."""
    try:
        return are_due()
    except DatabaseError as error:
        events.warning(log, "beside_postponed", work=what, reason=type(error).__name__)
        return False


def started(name: str, work: Callable[[], Iterable[str]]) -> ForkProcess:
    """Have ``work`` done by a process called ``name`` (15 letters at most), which ends with this one; what it says to
    people is for those who do it by hand."""
    process = _FORK.Process(target=_run, args=(name, work, os.getpid()), name=name, daemon=True)
    process.start()
    return process


def die_with_parent() -> None:
    """End this process, at once, when the one that forked it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _run(name: str, work: Callable[[], Iterable[str]], parent: int) -> None:
    # A dead worker's connections stay open for as long as anybody holds copies of them.
    die_with_parent()
    if os.getppid() != parent:
        return
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    database.dispose()
    try:
        for _ in work():
            pass
    except (DatabaseError, OSError) as error:
        events.warning(log, "beside_postponed", work=name, reason=type(error).__name__)
