"""The one way to ask a provider: held answers, breaker, rate limit, ledger, retries, in this order.

The rate limit comes before the intent, so that no money is reserved while a call only waits its turn; the intent is
committed before anything is sent; the answer is committed before anybody uses it.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from jobs.breaker import Breaker
from jobs.call_policy import CallPolicy
from jobs.campaign_ports import fenced, owned
from jobs.rate_limit import RateLimiter
from pipeline.causes import Billed, Cause
from pipeline.errors import BudgetReached, Draining, SourceError
from pipeline.money.calls import Answer, Call, Earlier, Endpoint, Json, Reply
from pipeline.providers.registry import registry
from store import crash_points, ledger, progress, provider_cache
from store.database import Connection, DatabaseAway, Role, transaction
from store.leases import Lease
from store.ledger import Entry

_MAX_STORED = 256_000
_FENCE_EVERY_S = 1.0
_LOOK_S = 0.5
_PLENTY = 1_000_000


class StoredCalls:
    """ProviderCalls over Postgres and Redis for one run of a campaign; used by many threads."""

    def __init__(
        self,
        lease: Lease,
        endpoints: Mapping[str, Endpoint],
        limiters: Mapping[str, RateLimiter],
        breakers: Mapping[str, Breaker],
        draining: threading.Event,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._lease = lease
        self._endpoints = endpoints
        self._draining = draining
        self._sleep = sleep
        self._policy = CallPolicy(
            limiters, breakers, stop=self.stop_if_needed, say=self._say_waiting, sleep=sleep
        )
        self._asking: dict[bytes, threading.Lock] = defaultdict(threading.Lock)
        self._guard = threading.Lock()
        self._reservations = threading.Condition()
        self._on_their_way = 0
        self._fenced_s = float("-inf")

    def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
        with self._alone(call):
            entry = self._found(call)
            if isinstance(entry, Reply):
                return entry
            self._policy.refuse_gone(call.provider)
            attempts = _Attempts(entry)
            return self._policy.with_repeats(
                call, lambda: attempts.make(lambda n: self._ask_once(call, n, send))
            )

    def ask_free(self, call: Call, send: Callable[[], Answer]) -> Reply:
        self._policy.refuse_gone(call.provider)

        def once() -> Reply:
            self._policy.wait_turn(call.provider)
            answer = send()
            return Reply(body=answer.body, found=answer.found)

        return self._policy.with_repeats(call, once)

    def held(self, call: Call) -> Reply | None:
        with self._alone(call), fenced(self._lease) as conn:
            return self._held(conn, call, ledger.latest(conn, self._lease, call))

    def _held(self, conn: Connection, call: Call, entry: Entry | None) -> Reply | None:
        if entry is not None:
            return _reply(entry) if entry.is_answered else None
        cached = provider_cache.get(conn, call, self._endpoint(call))
        if cached is None:
            return None
        ledger.note_unsent(conn, self._lease, call, "held", cached)
        return Reply(body=cached["body"], saved_micros=call.price_micros)

    def earlier(self, provider: str, operation: str) -> Sequence[Earlier]:
        with owned(self._lease) as conn:
            entries = ledger.earlier(conn, self._lease, provider, operation)
            for entry in entries:
                self._close_stale(conn, entry)
        return [
            Earlier(arguments=entry.arguments, reply=_reply(entry) if entry.state == "done" else None)
            for entry in entries
        ]

    def remember(self, call: Call, body: Json) -> None:
        with owned(self._lease) as conn:
            kept: dict[str, Json] = {"body": body, "simulated": ledger.is_simulated(conn, self._lease)}
            provider_cache.put(conn, call, self._endpoint(call), kept, call.keep_days or 1)

    def refund(self, call: Call) -> None:
        with owned(self._lease) as conn:
            entry = ledger.latest(conn, self._lease, call)
            if entry is not None:
                ledger.refund(conn, self._lease.workspace_id, entry.key)

    def affordable(self, price_micros: int) -> int:
        if price_micros == 0:
            return _PLENTY
        with fenced(self._lease) as conn:
            return ledger.left_micros(conn, self._lease) // price_micros

    def spare(self, call: Call, why: str) -> None:
        with owned(self._lease) as conn:
            ledger.note_unsent(conn, self._lease, call, "spared", {"body": why})

    def simulated(self) -> None:
        """Something was read from a stand-in."""
        with owned(self._lease) as conn:
            ledger.mark_simulated(conn, self._lease)

    def stop_if_needed(self) -> None:
        """Raises Stopped: at once when the worker drains, within a second when cancelled or taken over."""
        if self._draining.is_set():
            raise Draining
        if time.monotonic() - self._fenced_s >= _FENCE_EVERY_S:
            self._fenced_s = time.monotonic()
            with fenced(self._lease):
                pass

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

    def _found(self, call: Call) -> Reply | int:
        """The reply that is held, or the number of the attempt that may be made now."""
        if self._is_new(call):
            return 1
        with fenced(self._lease) as conn:
            entry = ledger.latest(conn, self._lease, call)
            held = self._held(conn, call, entry)
            if held is not None:
                return held
            if entry is None:
                return 1
            self._close_stale(conn, entry)
        if entry.state == "failed_free":
            return entry.attempt
        if call.repeatable or entry.may_repeat or entry.is_forgotten:
            return entry.attempt + 1
        raise SourceError(
            Cause.INTERRUPTED,
            registry().label(call.provider),
            billed=Billed.UNKNOWN,
            subject=entry.subject,
        )

    def _is_new(self, call: Call) -> bool:
        """Whether nobody knows an answer, nor asked in this campaign; without a lock, which the intent takes anyway."""
        with transaction(Role.WORKER, job_id=self._lease.job_id, lease_token=self._lease.token) as conn:
            if ledger.latest(conn, self._lease, call) is not None:
                return False
            return provider_cache.get(conn, call, self._endpoint(call)) is None

    def _close_stale(self, conn: Connection, entry: Entry) -> None:
        """Nobody will hear the answer to a question whose worker died; it may have been billed."""
        if entry.state == "intent" and entry.lease_token != self._lease.token:
            problem = "The worker died before the answer came."
            ledger.fail(conn, self._lease.workspace_id, entry.key, problem, billed=True)

    def _ask_once(self, call: Call, attempt: int, send: Callable[[], Answer]) -> Reply:
        key = self._begun(call, attempt)
        try:
            return self._sent(call, key, send)
        finally:
            with self._reservations:
                self._on_their_way -= 1
                self._reservations.notify_all()

    def _begun(self, call: Call, attempt: int) -> bytes:
        """The intent, committed. Calls on their way may cost less than is reserved for them: only when there are none
        is the budget used up."""
        while True:
            self._policy.wait_turn(call.provider)
            with self._reservations:
                try:
                    with fenced(self._lease) as conn:
                        key = ledger.begin(conn, self._lease, call, attempt)
                        crash_points.here("intent.committing")
                except BudgetReached:
                    if not self._on_their_way:
                        raise
                    self._reservations.wait(_LOOK_S)
                    continue
                self._on_their_way += 1
            crash_points.here("intent.committed")
            return key

    def _sent(self, call: Call, key: bytes, send: Callable[[], Answer]) -> Reply:
        try:
            answer = send()
        except BaseException as error:
            # Whatever is not known to be free may have been billed, a fault of ours included.
            billed = not error.is_free if isinstance(error, SourceError) else True
            problem = str(error) if isinstance(error, SourceError) else type(error).__name__
            self._settle(
                lambda conn: ledger.fail(conn, self._lease.workspace_id, key, problem, billed=billed)
            )
            crash_points.here("failure.committed")
            raise
        crash_points.here("call.answered")
        self._keep(call, key, answer)
        return Reply(
            body=answer.body, cost_micros=answer.cost_micros, found=answer.found, subject=call.subject
        )

    def _keep(self, call: Call, key: bytes, answer: Answer) -> None:
        if len(repr(answer.body)) > _MAX_STORED and call.price_micros:
            error = SourceError(Cause.TOO_LARGE, registry().label(call.provider), billed=Billed.YES)
            self._settle(
                lambda conn: ledger.fail(conn, self._lease.workspace_id, key, str(error), billed=True)
            )
            raise error
        self._settle(lambda conn: self._write(conn, call, key, answer))
        crash_points.here("call.settled")

    def _write(self, conn: Connection, call: Call, key: bytes, answer: Answer) -> None:
        """The answer, for this campaign and, where the provider's terms allow it, for every other."""
        ledger.settle(conn, self._lease.workspace_id, key, answer)
        if call.keep_days is not None:
            days = min(call.keep_days, answer.keep_days or call.keep_days)
            kept: dict[str, Json] = {"body": answer.body, "simulated": answer.simulated}
            provider_cache.put(conn, call, self._endpoint(call), kept, days)
            crash_points.here("cache.committing")

    def _settle(self, write: Callable[[Connection], None]) -> None:
        """Write what a call came to, on a new connection when one is lost, with the lease or without it."""
        for pause_s in (0.1, 0.5, 2.0):
            try:
                with transaction(
                    Role.WORKER, job_id=self._lease.job_id, lease_token=self._lease.token
                ) as conn:
                    write(conn)
                    crash_points.here("settle.committing")
                    return
            except DatabaseAway:
                self._sleep(pause_s)
        with transaction(Role.WORKER, job_id=self._lease.job_id, lease_token=self._lease.token) as conn:
            write(conn)

    def _say_waiting(self, label: str | None) -> None:
        with fenced(self._lease) as conn:
            progress.waiting(conn, self._lease, label)

    def _endpoint(self, call: Call) -> str:
        return self._endpoints[call.provider].base_url


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


def _reply(entry: Entry) -> Reply:
    stored = entry.response if isinstance(entry.response, dict) else {}
    return Reply(
        body=stored.get("body"),
        cost_micros=entry.cost_micros,
        saved_micros=entry.saved_micros,
        found=entry.found is not False,
        subject=entry.subject,
    )
