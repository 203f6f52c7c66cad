"""One stream between a browser and its page, read on the way."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from starlette.types import Message, Receive, Send

from api.standing import LOOK_S, Standing
from api.streams import Stream
from api.ticks import Ticks
from ui import protocol
from ui.protocol import Unreadable, Wish

# RFC 6455, 7.4.1.
_OVER, _NOT_BINARY, _NOT_OURS = 1008, 1003, 1002


class Talk:
    """What is said on one stream: a page may ask for what it was given, as long as its session holds."""

    def __init__(self, stream: Stream, standing: Standing, receive: Receive, send: Send) -> None:
        self._stream, self._standing = stream, standing
        self._ticks = Ticks(stream, standing)
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
            if await self._may(wish, file) and (holds or wish is not Wish.FILE):
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

    async def _may(self, wish: Wish, file: str) -> bool:
        if wish is Wish.FILE:
            return file in self._stream.session.files
        if wish is Wish.TICK:
            return await self._ticks.matters()
        return wish is Wish.PAGE or (wish is Wish.UPLOAD and self._stream.takes_files)

    async def _end(self, code: int) -> Message:
        self._is_over = True
        # A browser that has gone at the same moment need not be told.
        with suppress(OSError):
            await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}
