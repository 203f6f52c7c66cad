"""How much one address may ask for at a time, and how long what it sends may be."""

from __future__ import annotations

from collections import Counter

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

import settings
from api import errors
from api.doors import neighbourhood

UPLOADS = "/_stcore/upload_file/"
_KB, _MB = 1024, 1024 * 1024
# What a form puts around the file it carries.
_WRAPPING = _MB


class ParallelRequests:
    """Refuses what one address asks for while too many of its requests are still being answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        address = neighbourhood(scope["client"][0] if scope.get("client") else "")
        if self._running[address] >= settings.get().requests_per_address:
            return await errors.answer(scope, 429, headers={"Retry-After": "1"})(scope, receive, send)
        self._running[address] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running[address] -= 1
            if not self._running[address]:
                del self._running[address]


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
    return ours.upload_mb * _MB + _WRAPPING if path.startswith(UPLOADS) else ours.request_body_kb * _KB
