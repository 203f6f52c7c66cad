"""What one run of a campaign asks right now, and what it waits for because somebody else is asking it.

One flight per question for the whole installation: threads of this run meet in memory, other runs in Postgres. Whoever
waits reserves no money, and asks itself when a flight ended without an answer.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from jobs.campaign_ports import owned, statements_of
from pipeline.errors import LeaseLost
from store import crash_points, flights
from store.database import Connection, DatabaseAway
from store.flights import Look
from store.leases import Lease
from store.ledger_entries import Question

_POLL_S = 0.2
_RENEW_EVERY_S = 4.0


class Flights:
    """The questions one run holds and awaits; used by many threads. ``stop`` raises when waiting has no point."""

    def __init__(self, lease: Lease, stop: Callable[[], None]) -> None:
        self._lease = lease
        self._stop = stop
        self._guard = threading.Condition()
        self._mine: set[Question] = set()
        self._awaited: Counter[Question] = Counter()
        self._landed: set[Question] = set()
        self._poller = threading.Lock()
        self._renewed_s = self._polled_s = float("-inf")

    def look(self, key: bytes | None, question: Question | None) -> Look:
        """How it stands with one question; from now on it is this run's when that is ``MINE``."""
        claimed = self._enter([question]) if question else []
        if question and not claimed:
            return Look.ELSEWHERE
        found = None
        try:
            with statements_of(self._lease) as conn:
                found = flights.look(conn, self._lease, key, question)
        finally:
            if found is not Look.MINE:
                self.landed(claimed)
        if claimed and found is Look.MINE:
            crash_points.here("flight.claimed")
        return found

    def claim(self, conn: Connection, questions: Sequence[Question]) -> set[Question]:
        """Those of many questions that this run may ask now and nobody else."""
        entered = self._enter(questions)
        claimed: set[Question] = set()
        try:
            claimed = flights.claim(conn, self._lease, entered) if entered else claimed
        finally:
            self.landed(set(entered) - claimed)
        return claimed

    def wait(self, questions: Collection[Question]) -> None:
        """Return when one of these is asked by nobody any more."""
        with self._guard:
            self._awaited.update(questions)
        try:
            while not self._any_landed(questions):
                self._stop()
                if self._poller.acquire(blocking=False):
                    try:
                        self._poll()
                    finally:
                        self._poller.release()
                with self._guard:
                    self._guard.wait_for(lambda: self._landed.intersection(questions), _POLL_S)
        finally:
            with self._guard:
                self._awaited.subtract(questions)
                self._awaited = +self._awaited
                self._landed &= self._awaited.keys()

    def renew(self, conn: Connection) -> None:
        """This run still lives; a statement every few seconds."""
        with self._guard:
            mine = set(self._mine)
            if not mine or time.monotonic() - self._renewed_s < _RENEW_EVERY_S:
                return
            self._renewed_s = time.monotonic()
        flights.renew(conn, self._lease, mine)

    def landed(self, questions: Collection[Question]) -> None:
        """The database knows already that this run does not ask these any more."""
        if questions:
            with self._guard:
                self._mine.difference_update(questions)
            self._announce(questions)

    def release(self, questions: Collection[Question]) -> None:
        """Give back those of these questions that are this run's."""
        with self._guard:
            mine = self._mine & set(questions)
        if mine:
            # Without a word from us they end by themselves.
            with suppress(DatabaseAway, LeaseLost), owned(self._lease) as conn:
                flights.release(conn, self._lease, mine)
            self.landed(mine)

    def close(self) -> None:
        """Give back everything: the run ends."""
        with suppress(DatabaseAway, LeaseLost), owned(self._lease) as conn:
            flights.release_all(conn, self._lease)

    def _enter(self, questions: Sequence[Question]) -> list[Question]:
        """Those that no other thread of this run holds."""
        with self._guard:
            entered = [question for question in questions if question not in self._mine]
            self._mine.update(entered)
        return entered

    def _any_landed(self, questions: Collection[Question]) -> bool:
        with self._guard:
            return bool(self._landed.intersection(questions))

    def _poll(self) -> None:
        """One look for all threads that wait."""
        with self._guard:
            awaited = set(self._awaited) - self._mine
            if time.monotonic() - self._polled_s < _POLL_S:
                return
            self._polled_s = time.monotonic()
        if awaited:
            with statements_of(self._lease) as conn:
                self._announce(flights.landed(conn, awaited))

    def _announce(self, questions: Collection[Question]) -> None:
        with self._guard:
            if landed := self._awaited.keys() & set(questions):
                self._landed |= landed
                self._guard.notify_all()
