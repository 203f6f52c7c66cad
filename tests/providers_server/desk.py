"""What every counter of the stand-in shares: keys, limits, delays, faults on order, and the bill."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

SIMULATED = {"X-Simulated": "1"}
REVOKED = "revoked"


@dataclass(slots=True)
class Fault:
    """What goes wrong with calls ``first`` to ``last`` (from 1) of an operation; ``kind`` says how.

    ``encoding`` is that of the body's text.
    """

    operation: str
    kind: str
    first: int = 1
    last: int = 1_000_000
    status: int = 500
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    every: int = 1
    delay_s: float = 0.0
    encoding: str = "utf-8"


@dataclass(slots=True)
class Billed:
    """One line of the bill, or one refusal for coming too fast (``price_micros`` 0)."""

    provider: str
    operation: str
    argument: str
    price_micros: int
    outcome: str
    at: float


class Desk:
    """The state of one stand-in."""

    def __init__(self, latency_s: dict[str, float], limits: dict[str, list[tuple[int, float]]]) -> None:
        self.latency_s = latency_s
        self.limits = limits
        self.calls: dict[str, int] = defaultdict(int)
        self.faults: list[Fault] = []
        self.bill: list[Billed] = []
        self.jobs: dict[str, list[str]] = {}
        self.opted_out: set[str] = set()
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def reset(self) -> None:
        """Forget everything but the settings."""
        self.calls.clear()
        self._seen.clear()
        self.faults, self.bill, self.jobs, self.opted_out = [], [], {}, set()

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

    def charge(
        self, provider: str, operation: str, argument: str, price_micros: int, outcome: str = "answered"
    ) -> None:
        """Write a line of the bill."""
        self.bill.append(Billed(provider, operation, argument, price_micros, outcome, time.time()))

    async def fault(self, provider: str, operation: str) -> Response | None:
        """The faulty answer that was ordered for this call, after the provider's delay, or None."""
        await asyncio.sleep(self.latency_s.get(provider, 0.0))
        self.calls[operation] += 1
        number = self.calls[operation]
        for fault in self.faults:
            due = fault.first <= number <= fault.last and (number - fault.first) % fault.every == 0
            if fault.operation == operation and due:
                await asyncio.sleep(fault.delay_s)
                return _faulty(fault)
        return None

    def lines(self) -> list[dict[str, Any]]:
        """The bill as JSON."""
        return [asdict(line) for line in self.bill]


def _faulty(fault: Fault) -> Response | None:
    if fault.kind == "delay":
        return None
    if fault.kind == "cut":
        return StreamingResponse(
            iter([b'{"data": {"emails": [']), headers={**SIMULATED, "Content-Length": "9999"}
        )
    if fault.kind == "huge":
        return StreamingResponse((b" " * 65_536 for _ in range(200)), media_type="application/json")
    if fault.kind == "bomb":
        packed = gzip.compress(b" " * 20_000_000)
        return Response(packed, headers={**SIMULATED, "Content-Encoding": "gzip"})
    return Response(
        fault.body.encode(fault.encoding),
        status_code=fault.status,
        headers={**SIMULATED, "Content-Type": "application/json", **fault.headers},
    )


def answer(body: object, status: int = 200) -> Response:
    """A JSON answer of the stand-in."""
    return Response(
        json.dumps(body, ensure_ascii=False), status, {**SIMULATED, "Content-Type": "application/json"}
    )


async def form_of(request: Request) -> dict[str, Any]:
    """The fields of a request, however they were encoded."""
    if "json" in request.headers.get("content-type", ""):
        return dict(await request.json())
    return {name: str(value) for name, value in (await request.form()).items()}
