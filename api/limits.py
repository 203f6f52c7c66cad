"""How much one address may ask for at a time, and how long what it sends may be."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings
from api import errors, stripe_events
from api.doors import neighbourhood

UPLOADS = "/_stcore/upload_file/"
_BULK = "/api/v1/bulk-orders"
_KB, _MB = 1024, 1024 * 1024
# What a form puts around the file it carries.
_WRAPPING = _MB


class ParallelRequests:
    """Refuses what one address asks for while too many of its requests are still being answered; of a stream the
    answer is that it opens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        address = neighbourhood(scope["client"][0] if scope.get("client") else "")
        if self._running[address] >= settings.get().requests_per_address:
            return await _too_many(scope, receive, send)
        with ExitStack() as running:
            self._running[address] += 1
            running.callback(self._answered, address)

            async def noted(message: Message) -> None:
                if message["type"].startswith("websocket.") or _is_stream(message):
                    running.close()
                await send(message)

            await self._app(scope, receive, noted)

    def _answered(self, address: str) -> None:
        self._running[address] -= 1
        if not self._running[address]:
            del self._running[address]


def _is_stream(message: Message) -> bool:
    """Whether it begins an answer that goes on for as long as there is news."""
    if message["type"] != "http.response.start":
        return False
    return Headers(raw=message.get("headers", [])).get("content-type", "").startswith("text/event-stream")


async def _too_many(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        # RFC 6455, 7.4.1, and its registry: try again later.
        return await send({"type": "websocket.close", "code": 1013})
    await errors.answer(scope, 429, headers={"Retry-After": "1"})(scope, receive, send)


class BodySize:
    """Refuses a body that is too long before it is read, and one that does not say how long it is; the server reads no
    more than was said."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = _refusal(scope) if scope["type"] == "http" else 0
        answer = errors.answer(scope, status) if status else self._app
        await answer(scope, receive, send)


def _refusal(scope: Scope) -> int:
    """The status of what is refused; 0 for the rest."""
    if "transfer-encoding" in Headers(scope=scope):
        return 411
    return 413 if body_length(scope) > largest_body(scope["path"]) else 0


def body_length(scope: Scope) -> int:
    """Bytes that are announced."""
    return int(Headers(scope=scope).get("content-length", "0"))


def largest_body(path: str) -> int:
    """Bytes that may be sent to this address."""
    ours = settings.get()
    if path.startswith(UPLOADS):
        return ours.upload_mb * _MB + _WRAPPING
    # A thousand orders; an invoice of many lines.
    return max(ours.request_body_kb * _KB, _MB if path.startswith((_BULK, stripe_events.PATH)) else 0)
