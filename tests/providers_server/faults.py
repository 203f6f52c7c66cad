"""What can go wrong with a request: before anything is billed, or late, after it was."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

SIMULATED = {"X-Simulated": "1"}
JSON = {**SIMULATED, "Content-Type": "application/json"}
TRANSPORT = "prospectpro.transport"
"""Where the protocol of this server keeps the transport of a connection in an ASGI scope."""
LATE: dict[str, dict[str, Any]] = {
    **{str(status): {"kind": "answer", "status": status} for status in (500, 502, 503, 504)},
    "reset": {"kind": "reset"},
    "closed": {"kind": "close"},
    "cut in its header": {"kind": "mid_header"},
    "cut in its body": {"kind": "mid_body"},
    "reset in its body": {"kind": "reset_body"},
    "hangs": {"kind": "hang"},
    "garbage": {"kind": "garbage"},
    "cut gzip": {"kind": "cut_gzip"},
}
"""How an answer that was billed can be lost on its way; give one of these ``operation`` and ``late`` to order it."""


@dataclass(slots=True)
class Fault:
    """What goes wrong with requests ``first`` to ``last`` (from 1) of an operation, every ``every``-th of them.

    ``late``: only requests that were billed are counted and meet it, after that; else every request is counted, and
    nothing is billed for one that fails. ``encoding`` is that of the body's text. ``kind``:

    - ``answer``: ``status``, ``headers`` and ``body`` instead of the answer; ``delay``: the answer, after ``delay_s``
    - ``cut``, ``huge``, ``bomb``: a body that ends early, is 4 MB of blanks, or unpacks to 20 MB
    - ``reset``, ``close``, ``mid_header``, ``mid_body``, ``reset_body``: where and how the connection is lost
    - ``hang``: nothing until the client hangs up
    - ``garbage``, ``cut_gzip``: an answer nobody can read
    - an oddity of one provider, listed as ``ODDITIES`` in its file: a good answer with unusual contents
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
    late: bool = False

    @property
    def outcome(self) -> str:
        """How the bill calls a request that met this late."""
        return f"late {self.status if self.kind == 'answer' else self.kind}"

    async def response(self, answer: Response | None) -> Response | None:
        """What is sent instead of ``answer`` (None for one that was not made), or None when that is sent after all."""
        await asyncio.sleep(self.delay_s)
        if self.kind in _MADE:
            return _MADE[self.kind](self)
        content = (
            bytes(answer.body) if answer else b'{"data": {"emails": [], "places": [], "status": "success"}}'
        )
        return _SENT[self.kind](content) if self.kind in _SENT else None


def due(faults: Sequence[Fault], operation: str, number: int, *, late: bool) -> Fault | None:
    """The fault that the ``number``-th request of an operation meets: the first one ordered."""
    for fault in faults:
        is_due = fault.first <= number <= fault.last and (number - fault.first) % fault.every == 0
        if (fault.operation, fault.late) == (operation, late) and is_due:
            return fault
    return None


class _Lost(Response):
    """Some raw bytes, then the end of the connection: in good order, or with a reset."""

    def __init__(self, sent: bytes, *, reset: bool = False) -> None:
        super().__init__()
        self._sent = sent
        self._reset = reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = scope[TRANSPORT]
        if self._sent:
            transport.write(self._sent)
        if self._reset:
            # Lingering for no time at all makes the kernel answer with RST instead of FIN.
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        else:
            transport.close()
        await _gone(receive)


class _Silence(Response):
    """Nothing, until the client gives up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _half(content: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-simulated: 1\r\ncontent-length: {len(content)}"
    return head.encode() + b"\r\n\r\n" + content[: len(content) // 2]


def _packed(content: bytes) -> Response:
    return Response(content, headers={**JSON, "Content-Encoding": "gzip"})


_MADE: dict[str, Callable[[Fault], Response]] = {
    "answer": lambda fault: Response(
        fault.body.encode(fault.encoding), fault.status, {**JSON, **fault.headers}
    ),
    "cut": lambda _: StreamingResponse(
        iter([b'{"data": {"emails": [']), headers={**SIMULATED, "Content-Length": "9999"}
    ),
    "huge": lambda _: StreamingResponse((b" " * 65_536 for _ in range(200)), media_type="application/json"),
    "bomb": lambda _: _packed(gzip.compress(b" " * 20_000_000)),
}
_SENT: dict[str, Callable[[bytes], Response]] = {
    "reset": lambda _: _Lost(b"", reset=True),
    "close": lambda _: _Lost(b""),
    "mid_header": lambda _: _Lost(b"HTTP/1.1 200 OK\r\ncontent-ty"),
    "mid_body": lambda content: _Lost(_half(content)),
    "reset_body": lambda content: _Lost(_half(content), reset=True),
    "hang": lambda _: _Silence(),
    "garbage": lambda content: Response(b"\x00\xff{" + content[::-1], headers=JSON),
    "cut_gzip": lambda content: _packed(gzip.compress(content)[: len(content) // 4 + 10]),
}

KINDS = frozenset({"delay", *_MADE, *_SENT})
"""What can go wrong with any operation."""
