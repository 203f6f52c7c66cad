"""The web server: uvicorn, with limits on how many connections there are and how long a request may take to arrive.

Run as a program with the application's name, the address and the port: ``python -m api.server module:app HOST PORT``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from socket import socket
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

import settings
from api import document, errors, headers
from api.doors import Doors
from jobs import standing_in
from pipeline import events

_KB = 1024
# Streamlit's own values; a browser that went away without a word is noticed after both.
_PING_S = 30


class LimitedHttp(H11Protocol):
    """A connection that has to say what it wants in time, and is told calmly when it does not."""

    def __init__(self, *, doors: Doors, **of_uvicorn: Any) -> None:  # noqa: ANN401 - passed on as they are
        super().__init__(**of_uvicorn)
        # Streamlit gives uvicorn's loggers handlers again; an address may hold the key of a link.
        self.access_log = False
        self._doors = doors
        self._inside = ""
        self._late: asyncio.TimerHandle | None = None
        self._awaited: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        address = self.client[0] if self.client else "unknown"
        if status := self._doors.refusal(address):
            return self._refuse(status)
        self._inside = address
        self._doors.enter(address)
        self._await(h11.IDLE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        # From here on it is one of the streams, which are counted by themselves.
        self._leave()
        super().handle_websocket_upgrade(event)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._inside and not self.transport.is_closing():
            self._await(self.conn.their_state)

    def send_400_response(self, msg: str) -> None:
        problem = sys.exc_info()[1]
        self._refuse(problem.error_status_hint if isinstance(problem, h11.RemoteProtocolError) else 400)

    def _await(self, state: object) -> None:
        """Of one request first its head, then its body; the clock of each starts once and not with every byte."""
        if state is self._awaited:
            return
        self._stop_clock()
        self._awaited = state
        ours = settings.get()
        if state is h11.IDLE:
            self._late = self.loop.call_later(ours.head_s, self._too_late)
        elif state is h11.SEND_BODY:
            self._late = self.loop.call_later(ours.body_s, self._too_late)

    def _too_late(self) -> None:
        """Browsers open connections they may need; one on which nothing was said is closed without a word."""
        if self.cycle is None and not self.conn.trailing_data[0]:
            self.transport.close()
        else:
            self._refuse(408)

    def _stop_clock(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _leave(self) -> None:
        self._stop_clock()
        if self._inside:
            self._doors.leave(self._inside)
            self._inside = ""

    def _refuse(self, status: int) -> None:
        """Say so where nothing has been said yet, and end the connection."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            title, said = errors.words(status)
            page = document.message(title, said, status, {})
            for name, value in headers.of_every_answer().items():
                page.headers.setdefault(name, value)
            fields = [*page.raw_headers, (b"connection", b"close")]
            start = h11.Response(status_code=status, headers=fields, reason=STATUS_PHRASES[status])
            for event in (start, h11.Data(data=bytes(page.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def configuration(app: Any, **where: Any) -> uvicorn.Config:  # noqa: ANN401 - uvicorn's own
    """How uvicorn serves ``app``; ``where`` are its own words for an address."""
    ours = settings.get()
    # Uvicorn believes X-Forwarded-For of local callers unless told otherwise; it would name the address that
    # sign-in attempts are counted by. Set it to the proxy's address when one stands in front.
    proxies = os.environ.get("FORWARDED_ALLOW_IPS", "")
    doors = Doors(ours.connections, ours.connections_per_address, proxies.split(","))
    return uvicorn.Config(
        app,
        http=cast(type[asyncio.Protocol], partial(LimitedHttp, doors=doors)),
        h11_max_incomplete_event_size=ours.request_head_kb * _KB,
        ws="websockets-sansio",
        ws_max_size=ours.stream_message_kb * _KB,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
        ws_per_message_deflate=False,
        forwarded_allow_ips=proxies,
        access_log=False,
        log_level="warning",
        use_colors=False,
        server_header=False,
        **where,
    )


class Announced(uvicorn.Server):
    """Says where it is once it listens."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"URL: {settings.get().address(self.config.port)}\n")
            sys.stdout.flush()


def main(app: str, host: str, port: str) -> None:
    """Serve until asked to stop."""
    events.to_stderr()
    with standing_in.watching():
        Announced(configuration(app, host=host, port=int(port))).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
