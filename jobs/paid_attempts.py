"""One attempt at a question, in the ledger from before it leaves until it is answered.

The intent is committed while the slot of the rate limit comes near, and the slot is decided last, so that a commit that
takes long sends nothing too early or too late. No money is reserved while a call waits in line.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from jobs import tracing
from jobs.call_policy import CallPolicy
from jobs.campaign_ports import fenced, statements_of
from jobs.flights import Flights
from jobs.rate_limit import Slot
from pipeline import events
from pipeline.causes import Billed, Cause
from pipeline.errors import BudgetReached, SourceError
from pipeline.money.calls import Answer, Call, Endpoint, Reply
from pipeline.providers.registry import registry
from store import crash_points, flights, ledger, ledger_entries
from store.database import Connection, DatabaseAway
from store.leases import Lease
from store.ledger_entries import Question

log = logging.getLogger(__name__)

_MAX_STORED = 256_000
_LOOK_S = 0.5


class PaidAttempts:
    """Sends what the budget and the provider's limits allow; used by many threads of one run."""

    def __init__(
        self,
        lease: Lease,
        endpoints: Mapping[str, Endpoint],
        policy: CallPolicy,
        in_flight: Flights,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._lease = lease
        self._endpoints = endpoints
        self._policy = policy
        self._flights = in_flight
        self._sleep = sleep
        self._reservations = threading.Condition()
        self._on_their_way = 0

    def question(self, call: Call) -> Question | None:
        """The call as everybody asks it, None when its answer may not serve others."""
        if call.keep_days is None:
            return None
        return ledger_entries.question_of(call, self._endpoints[call.provider].base_url)

    def make(self, call: Call, attempt: int, send: Callable[[], Answer]) -> Reply:
        """The reply of this attempt. Raises AskedMeanwhile when the question needs another look first."""
        while True:
            slot = self._policy.wait_turn(call.provider, lambda: self._refuse_unpayable(call))
            key = self._begun(call, attempt, slot)
            if key is None:
                continue
            try:
                if self._leaves(call, key, slot):
                    return self._sent(call, key, send)
            finally:
                with self._reservations:
                    self._on_their_way -= 1
                    self._reservations.notify_all()

    def _begun(self, call: Call, attempt: int, slot: Slot) -> bytes | None:
        """The intent, committed, or None when it has to be tried again. Calls on their way may cost less than is
        reserved for them: only when there are none is the budget used up."""
        with self._reservations:
            try:
                key = self._intent(call, attempt)
            except BaseException as error:
                self._policy.not_sent(call.provider, slot)
                if isinstance(error, BudgetReached) and self._on_their_way:
                    self._reservations.wait(_LOOK_S)
                    return None
                raise
            self._on_their_way += 1
        crash_points.here("intent.committed")
        return key

    def _refuse_unpayable(self, call: Call) -> None:
        """Nobody waits for a provider that is down when the budget does not pay for the call. Raises BudgetReached."""
        with self._reservations:
            if self._on_their_way or not call.price_micros:
                return
        with fenced(self._lease) as conn:
            left_micros = ledger.left_micros(conn, self._lease)
        if left_micros < call.price_micros:
            raise BudgetReached

    def _intent(self, call: Call, attempt: int) -> bytes:
        with statements_of(self._lease) as conn:
            crash_points.here("intent.committing")
            return ledger.begin(conn, self._lease, call, attempt, self.question(call))

    def _leaves(self, call: Call, key: bytes, slot: Slot) -> bool:
        """Whether the call may leave now; the intent of one that missed its slot, or has no point, is taken back."""
        leaves = False
        try:
            leaves = self._policy.has_come(call.provider, slot)
        finally:
            if not leaves:
                self._fail(key, "It missed its turn and was not sent.", billed=False)
        return leaves

    def _note(self, call: Call, key: bytes, began_s: float, outcome: str) -> None:
        events.info(
            log,
            "provider_called",
            campaign_id=self._lease.campaign_id,
            job_id=self._lease.job_id,
            call_id=key.hex(),
            provider=call.provider,
            operation=call.operation,
            outcome=outcome,
            took_ms=round((time.monotonic() - began_s) * 1000),
        )

    def _sent(self, call: Call, key: bytes, send: Callable[[], Answer]) -> Reply:
        began_s = time.monotonic()
        try:
            with tracing.part(
                tracing.CALL,
                self._lease.job_id,
                self._lease.token,
                f"{key.hex()} {began_s}",
                call_id=key.hex(),
                provider=call.provider,
                operation=call.operation,
            ):
                answer = send()
        except BaseException as error:
            cause = error.cause if isinstance(error, SourceError) else type(error).__name__
            self._note(call, key, began_s, cause)
            # Whatever is not known to be free may have been billed, a fault of ours included.
            billed = not error.is_free if isinstance(error, SourceError) else True
            problem = str(error) if isinstance(error, SourceError) else type(error).__name__
            self._fail(key, problem, billed=billed)
            crash_points.here("failure.committed")
            raise
        crash_points.here("call.answered")
        self._note(call, key, began_s, "answered")
        self._keep(call, key, answer)
        return Reply(
            body=answer.body, cost_micros=answer.cost_micros, found=answer.found, subject=call.subject
        )

    def _keep(self, call: Call, key: bytes, answer: Answer) -> None:
        """The answer, for this campaign and, where the provider's terms allow it, for every other."""
        if len(repr(answer.body)) > _MAX_STORED and call.price_micros:
            error = SourceError(Cause.TOO_LARGE, registry().label(call.provider), billed=Billed.YES)
            self._fail(key, str(error), billed=True)
            raise error
        kept, question = None, self.question(call)
        if question and call.keep_days is not None:
            days = min(call.keep_days, answer.keep_days or call.keep_days)
            kept = ledger.Kept(question=question, days=days, holder=flights.holder_of(self._lease))
        self._settle(lambda conn: ledger.settle(conn, self._lease.workspace_id, key, answer, kept))
        if question:
            self._flights.landed([question])
        crash_points.here("call.settled")

    def _fail(self, key: bytes, problem: str, *, billed: bool) -> None:
        self._settle(lambda conn: ledger.fail(conn, self._lease.workspace_id, key, problem, billed=billed))

    def _settle(self, write: Callable[[Connection], None]) -> None:
        """Write what a call came to, on a new connection when one is lost, with the lease or without it."""
        for pause_s in (0.1, 0.5, 2.0):
            try:
                with statements_of(self._lease) as conn:
                    crash_points.here("settle.committing")
                    return write(conn)
            except DatabaseAway:
                self._sleep(pause_s)
        with statements_of(self._lease) as conn:
            write(conn)
