"""A stream whose session is over, and whose browser has gone in the same moment."""

from __future__ import annotations

import asyncio

from starlette.types import Message
from uvicorn.protocols.utils import ClientDisconnected

from api.standing import Standing
from api.streams import Streams
from api.talk import Talk
from store.ids import new_id


async def _nothing() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def _gone(message: Message) -> None:
    raise ClientDisconnected


def test_a_browser_that_has_gone_is_not_told_of_the_end() -> None:
    async def ended() -> Message:
        streams = Streams(lambda _page: None)
        stream = streams.open(b"a session", new_id(), 1, 1)
        assert stream is not None
        talk = Talk(stream, Standing("a token", lambda: None), _nothing, _gone)
        streams.end(b"a session")
        try:
            return await talk.receive()
        finally:
            talk.finish()

    assert asyncio.run(ended())["type"] == "websocket.disconnect"
