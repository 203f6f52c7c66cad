"""How a load of places says that it is alive and how far, and learns that it is to end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from store import place_load_work
from store.database import DatabaseError, Role, transaction
from store.place_load_work import LoadWork

_BEAT_S = 10.0


def are_due() -> bool:
    """Whether a load waits and nobody is at one."""
    with transaction(Role.SYSTEM) as conn:
        return place_load_work.are_due(conn)


class Lost(Exception):
    """It was stopped, or another process has it."""


@contextmanager
def alive(work: LoadWork) -> Iterator[None]:
    """Say every few seconds that this process lives: the end of an import of millions takes minutes."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(_BEAT_S):
            try:
                with transaction(Role.SYSTEM) as conn:
                    place_load_work.beat(conn, work)
            except DatabaseError:
                continue  # the next one may come through, and the steps ask for themselves

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Steps:
    """Says how far a stage is, and ends the work that is not this process's any more."""

    def __init__(self, work: LoadWork, stage: str, total: int = 0) -> None:
        self._work = work
        self._stage = stage
        self._total = total
        self._done = 0

    def expect(self, total: int) -> None:
        self._total = total

    def add(self, more: int) -> None:
        self._done += more
        self.say()

    def say(self) -> None:
        """Raises Lost."""
        with transaction(Role.SYSTEM) as conn:
            if not place_load_work.advance(conn, self._work, self._stage, self._done, self._total):
                raise Lost
