"""One stream between a browser and its page, read on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Send

from api.streams import Stream
from services import identity
from ui import protocol
from ui.protocol import Unreadable, Wish

_LOG = logging.getLogger(__name__)
LOOK_S = 5.0
"""How long a session that is over may go unnoticed while its page is silent."""
# RFC 6455, 7.4.1.
_OVER, _NOT_BINARY, _NOT_OURS = 1008, 1003, 1002


class Standing:
    """Whether the session of one stream is still one; ``when_over`` is called when it is not."""

    def __init__(self, token: str, when_over: Callable[[], None]) -> None:
        self._token, self._when_over = token, when_over
        self._looked = asyncio.get_running_loop().time()

    async def holds(self, *, now: bool) -> bool | None:
        """As of this very moment or of some seconds ago; None while nobody can say."""
        at = asyncio.get_running_loop().time()
        if not now and at - self._looked < LOOK_S:
            return True
        self._looked = at
        try:
            person = await run_in_threadpool(identity.who_is, self._token)
        except Exception as error:  # noqa: BLE001 - whatever keeps the database from answering
            _LOG.warning("session_not_looked_up reason=%s", type(error).__name__)
            return None
        if person is None:
            self._when_over()
        return person is not None


class Talk:
    """What is said on one stream: a page may ask for what it was given, as long as its session holds."""

    def __init__(self, stream: Stream, standing: Standing, receive: Receive, send: Send) -> None:
        self._stream, self._standing = stream, standing
        self._receive, self._send = receive, send
        self._next: asyncio.Task[Message] | None = None
        self._is_over = False

    async def send(self, message: Message) -> None:
        """To the browser."""
        if self._is_over:
            return
        if said := message.get("bytes"):
            self._stream.note(protocol.given(said))
        await self._send(message)

    async def receive(self) -> Message:
        """From the browser: the next message that its page may hear."""
        while True:
            message = await self._heard()
            if message is None:
                return await self._end(_OVER)
            if message["type"] != "websocket.receive":
                return message
            said = message.get("bytes")
            if said is None:
                return await self._end(_NOT_BINARY)
            try:
                wish, file = protocol.wish(said)
            except Unreadable:
                return await self._end(_NOT_OURS)
            holds = await self._standing.holds(now=wish is Wish.FILE)
            if holds is False:
                return await self._end(_OVER)
            if self._may(wish, file) and (holds or wish is not Wish.FILE):
                return message

    def finish(self) -> None:
        """Stop listening."""
        if self._next is not None:
            self._next.cancel()

    async def _heard(self) -> Message | None:
        """What the browser says; None once its session is over, which is looked up while it is silent."""
        self._next = self._next or asyncio.create_task(self._listen())
        waiting: set[asyncio.Future[Any]] = {self._next, self._stream.ended}
        while True:
            done, _ = await asyncio.wait(waiting, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
            if self._stream.ended in done:
                return None
            if done:
                message, self._next = self._next.result(), None
                return message
            if await self._standing.holds(now=True) is False:
                return None

    async def _listen(self) -> Message:
        return await self._receive()

    def _may(self, wish: Wish, file: str) -> bool:
        if wish is Wish.FILE:
            return file in self._stream.session.files
        return wish is Wish.PAGE or (wish is Wish.UPLOAD and self._stream.takes_files)

    async def _end(self, code: int) -> Message:
        self._is_over = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}
