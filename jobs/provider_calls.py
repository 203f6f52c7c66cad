"""The one way to ask a provider: held answers, flights, breaker, rate limit, ledger, retries, in this order.

The intent is committed before anything is sent; the answer is committed before anybody uses it.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from jobs import many_calls
from jobs.breaker import Breaker
from jobs.call_policy import CallPolicy
from jobs.campaign_ports import fenced, owned
from jobs.flights import Flights
from jobs.many_calls import ManyCalls
from jobs.paid_attempts import PaidAttempts
from jobs.rate_limit import RateLimiter
from pipeline.errors import Draining, SourceError
from pipeline.money.calls import Answer, Call, Earlier, Endpoint, Json, Reply, Taken
from pipeline.providers.registry import registry
from store import ledger, ledger_entries, ledger_unsent, progress, provider_cache, provider_stops, restating
from store.flights import Look
from store.leases import Lease
from store.ledger_entries import Question
from store.ledger_unsent import Held

_FENCE_EVERY_S = 1.0
_LOOK_S = 0.5
_PLENTY = 1_000_000


class StoredCalls:
    """ProviderCalls over Postgres and Redis for one run of a campaign; used by many threads."""

    def __init__(  # noqa: PLR0913 - what a run needs from outside, each a thing of its own
        self,
        lease: Lease,
        endpoints: Mapping[str, Endpoint],
        limiters: Mapping[str, RateLimiter],
        breakers: Mapping[str, Breaker],
        draining: threading.Event,
        *,
        since: datetime | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``since``: of what is kept for everybody, look-ups use only what came since that moment."""
        self._lease = lease
        self._since = since
        self._endpoints = endpoints
        self._draining = draining
        self._policy = CallPolicy(
            limiters, breakers, stop=self.stop_if_needed, say=self._say_waiting, sleep=sleep
        )
        self._flights = Flights(lease, self.stop_if_needed)
        self._paid = PaidAttempts(lease, endpoints, self._policy, self._flights, sleep)
        self._many = ManyCalls(lease, self._flights, self._paid.question, since)
        self._asking: dict[bytes, threading.Lock] = defaultdict(threading.Lock)
        self._guard = threading.Lock()
        self._fenced_s = float("-inf")

    def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
        question = self._paid.question(call)
        with self._alone(call):
            while True:
                found = self._found(call, question)
                if isinstance(found, Reply):
                    return found
                try:
                    return self._asked(call, found, send)
                except ledger.AskedMeanwhile:
                    continue
                finally:
                    if question:
                        self._flights.release([question])

    def _asked(self, call: Call, first: int, send: Callable[[], Answer]) -> Reply:
        self._refuse_gone(call)
        attempts = _Attempts(first)
        return self._policy.with_repeats(
            call, lambda: attempts.make(lambda number: self._paid.make(call, number, send))
        )

    def ask_free(self, call: Call, send: Callable[[], Answer]) -> Reply:
        self._refuse_gone(call)

        def once() -> Reply:
            while not self._policy.has_come(call.provider, self._policy.wait_turn(call.provider)):
                self.stop_if_needed()
            answer = send()
            return Reply(body=answer.body, found=answer.found)

        return self._policy.with_repeats(call, once)

    def held(self, call: Call) -> Reply | None:
        with self._alone(call):
            return self._many.held([call]).get(0)

    def held_many(self, calls: Sequence[Call]) -> Mapping[int, Reply]:
        return self._many.held(calls)

    def take(self, calls: Sequence[Call]) -> Taken:
        return self._many.take(calls)

    def wait_for(self, calls: Sequence[Call]) -> None:
        self._many.wait(calls)

    def release(self, calls: Sequence[Call]) -> None:
        self._many.release(calls)

    def earlier(self, provider: str, operation: str) -> Sequence[Earlier]:
        with owned(self._lease) as conn:
            entries = ledger.earlier(conn, self._lease, provider, operation)
            for entry in entries:
                many_calls.close_stale(conn, self._lease, entry)
        return [
            Earlier(
                arguments=entry.arguments,
                reply=many_calls.reply(entry) if entry.state == "done" else None,
                may_repeat=entry.may_repeat,
                price_micros=entry.price_micros,
            )
            for entry in entries
        ]

    def restate(self, call: Call, answer: Answer) -> None:
        with owned(self._lease) as conn:
            restating.restate(conn, self._lease, call, answer)

    def remember(self, call: Call, body: Json) -> None:
        self.remember_many([(call, body)])

    def remember_many(self, answers: Sequence[tuple[Call, Json]]) -> None:
        self._many.remember(answers, self._everybodys)

    def affordable(self, price_micros: int) -> int:
        if price_micros == 0:
            return _PLENTY
        with fenced(self._lease) as conn:
            return ledger.left_micros(conn, self._lease) // price_micros

    def spare(self, call: Call, why: str) -> None:
        with owned(self._lease) as conn:
            ledger_unsent.note_spared(conn, self._lease, call, why)

    def simulated(self) -> None:
        """Something was read from a stand-in."""
        with owned(self._lease) as conn:
            ledger.mark_simulated(conn, self._lease)

    def close(self) -> None:
        """The run ends: whatever it still claims may be asked by others."""
        self._flights.close()

    def stop_if_needed(self) -> None:
        """Raises Stopped: at once when the worker drains, within a second when cancelled or taken over; looks what
        administrators want of providers as often."""
        if self._draining.is_set():
            raise Draining
        if time.monotonic() - self._fenced_s >= _FENCE_EVERY_S:
            self._fenced_s = time.monotonic()
            with fenced(self._lease) as conn:
                self._flights.renew(conn)
                self._policy.steered(provider_stops.now(conn))

    def _refuse_gone(self, call: Call) -> None:
        """Raises SourceError when the provider is out, unless an administrator wants it tried again; and Stopped."""
        self.stop_if_needed()
        self._policy.refuse_gone(call.provider)

    @contextmanager
    def _alone(self, call: Call) -> Iterator[None]:
        """Two threads with the same question ask it once."""
        with self._guard:
            lock = self._asking[ledger.key_of(self._lease, call, 1)]
        while not lock.acquire(timeout=_LOOK_S):
            self.stop_if_needed()
        try:
            yield
        finally:
            lock.release()

    def _found(self, call: Call, question: Question | None) -> Reply | int:
        """The reply that is held, or the number of the attempt that is to be made now, and by nobody else."""
        if question and self._since and registry().providers[call.provider].kind.is_step:
            known = self._known(call)
            return known if isinstance(known, Reply) else self._many.came_since(call) or known
        while True:
            attempt = 1
            look = self._flights.look(ledger.key_of(self._lease, call, 1), question)
            if look is Look.KNOWN:
                known = self._known(call)
                if isinstance(known, Reply):
                    return known
                attempt = known
                look = self._flights.look(None, question)
            if look is Look.ELSEWHERE and question:
                self._flights.wait([question])
            elif look is Look.CACHED and question:
                cached = self._cached(call, question, attempt)
                if cached is not None:
                    return cached
            else:
                return attempt

    def _known(self, call: Call) -> Reply | int:
        """The answer this campaign has, or the number of the next attempt."""
        with fenced(self._lease) as conn:
            entry = ledger.latest(conn, self._lease, call)
            if entry is None:
                return 1
            if entry.is_answered:
                return many_calls.reply(entry)
            try:
                return many_calls.next_attempt(conn, self._lease, call, entry)
            except SourceError as error:
                refused = error
        raise refused

    def _cached(self, call: Call, question: Question, attempt: int) -> Reply | None:
        """The answer kept for everybody, unless its time ran out a moment ago."""
        with fenced(self._lease) as conn:
            answer = provider_cache.get(conn, question)
            if answer is None:
                return None
            ledger_unsent.note_held(conn, self._lease, [Held(call=call, answer=answer, attempt=attempt)])
        return Reply(body=answer["body"], saved_micros=call.price_micros)

    def _say_waiting(self, label: str | None) -> None:
        with fenced(self._lease) as conn:
            progress.waiting(conn, self._lease, label)

    def _everybodys(self, call: Call) -> Question:
        return ledger_entries.question_of(call, self._endpoints[call.provider].base_url)


class _Attempts:
    """Counts the attempts at one question: what may have been billed is a call of its own in the ledger, and what
    failed for nothing is opened again."""

    def __init__(self, first: int) -> None:
        self._number = first

    def make(self, once: Callable[[int], Reply]) -> Reply:
        """The reply of one attempt."""
        try:
            return once(self._number)
        except SourceError as error:
            if not error.is_free:
                self._number += 1
            raise
