"""HTTP as this server speaks it: as any other, but an answer may get at the connection it goes out on, to break it."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.providers_server.faults import TRANSPORT


class BreakableHttp(H11Protocol):
    """Puts the transport of each connection into the scope of its requests."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        inner = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            await inner({**scope, TRANSPORT: transport}, receive, send)

        self.app = with_transport
