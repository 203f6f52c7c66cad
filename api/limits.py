"""How much one address may ask for at a time, and how long what it sends may be."""

from __future__ import annotations

from collections import Counter

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings
from api import errors
from api.doors import neighbourhood

UPLOADS = "/_stcore/upload_file/"
_KB, _MB = 1024, 1024 * 1024
# What a form puts around the file it carries.
_WRAPPING = _MB


class _TooLarge(Exception):
    """More arrived than was announced or allowed."""


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
    """Refuses a body that is too long, before reading it where its length was said."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most, began, read = largest_body(scope["path"]), False, 0
        said = HTTPConnection(scope).headers.get("content-length", "0")
        if not said.isdigit() or int(said) > most:
            return await errors.answer(scope, 413)(scope, receive, send)

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            if not began:
                await errors.answer(scope, 413)(scope, receive, send)


def largest_body(path: str) -> int:
    """Bytes that may be sent to this address."""
    ours = settings.get()
    return ours.upload_mb * _MB + _WRAPPING if path.startswith(UPLOADS) else ours.request_body_kb * _KB
