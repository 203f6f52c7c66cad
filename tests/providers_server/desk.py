"""What every counter of the stand-in shares: keys, limits, delays, faults on order, and the bill."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.bill import TOO_FAST, Bill, Billed
from tests.providers_server.faults import JSON, Fault, due
from tests.providers_server.neverbounce_jobs import Job

REVOKED = "revoked"


@dataclass(slots=True)
class Exchange:
    """One request while it is answered: what it is charged for, and the oddity its answer is to have."""

    provider: str
    operation: str
    number: int
    fault: Fault | None
    _bill: Bill
    lines: list[Billed] = field(default_factory=list)

    def charge(self, argument: str, price_micros: int) -> None:
        """Write a line of the bill."""
        self.lines.append(
            self._bill.charge(self.provider, self.operation, argument, price_micros, self.number)
        )

    def refuse_too_fast(self, argument: str = "") -> None:
        """Write down that it came too fast, which costs nothing."""
        self.charge(argument, 0)
        self.lines[-1].outcome = TOO_FAST

    def is_odd(self, kind: str) -> bool:
        """Whether its answer is to have this oddity."""
        return self.fault is not None and self.fault.kind == kind


Handler = Callable[[Request, Exchange], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


class Desk:
    """The state of one stand-in."""

    def __init__(self, latency_s: dict[str, float], limits: dict[str, list[tuple[int, float]]]) -> None:
        self.latency_s = latency_s
        self.limits = limits
        self.calls: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.bill = Bill()
        self.jobs: dict[int, Job] = {}
        self.opted_out: set[str] = set()
        self._billed: Counter[str] = Counter()
        self._requests = 0
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def reset(self) -> None:
        """Forget everything but the settings."""
        self.order([])
        self._seen.clear()
        self.bill, self.jobs, self.opted_out = Bill(), {}, set()

    def order(self, faults: list[Fault]) -> None:
        """What is to go wrong from now on; requests are counted anew."""
        self.faults = faults
        self.calls.clear()
        self._billed.clear()

    def too_fast(self, provider: str) -> bool:
        """Whether this call exceeds a limit of the provider, in exact sliding windows; refused calls do not count."""
        now, seen = time.monotonic(), self._seen[provider]
        while seen and now - seen[0] > 60:
            seen.popleft()
        for calls, window_s in self.limits.get(provider, []):
            if sum(now - at < window_s for at in seen) >= calls:
                return True
        seen.append(now)
        return False

    def counter(self, provider: str, operation: str, handler: Handler, *, is_slow: bool = True) -> Endpoint:
        """An endpoint that answers with ``handler`` after the provider's delay, unless a fault is due."""

        async def endpoint(request: Request) -> Response:
            await asyncio.sleep(self.latency_s.get(provider, 0.0) if is_slow else 0.0)
            self.calls[operation] += 1
            self._requests += 1
            number = self._requests
            fault = due(self.faults, operation, self.calls[operation], late=False)
            early = await fault.response(None) if fault else None
            if early is not None:
                return early
            exchange = Exchange(provider, operation, number, fault, self.bill)
            answer = await handler(request, exchange)
            return await self._late(exchange, answer) or answer

        return endpoint

    async def _late(self, exchange: Exchange, answer: Response) -> Response | None:
        """What is sent instead of an answer that was billed, when that is on order; the bill says so."""
        if not any(line.price_micros for line in exchange.lines):
            return None
        self._billed[exchange.operation] += 1
        fault = due(self.faults, exchange.operation, self._billed[exchange.operation], late=True)
        if fault is None:
            return None
        for line in exchange.lines:
            line.outcome = fault.outcome
        return await fault.response(answer)


def answer(body: object, status: int = 200) -> Response:
    """A JSON answer of the stand-in."""
    return Response(json.dumps(body, ensure_ascii=False), status, JSON)


async def form_of(request: Request) -> dict[str, Any]:
    """The fields of a request, however they were encoded."""
    if "json" in request.headers.get("content-type", ""):
        return dict(await request.json())
    return {name: str(value) for name, value in (await request.form()).items()}
