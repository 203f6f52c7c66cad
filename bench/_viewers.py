"""Pages that show a running campaign, held open as browsers do: Streamlit's messages, and a tick each second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from services.identity import SESSION_COOKIE
from tests.support.figures import figures_in
from tests.support.web_server import WebServer

FIGURE = "Businesses found"
_WAIT_S = 60.0
_TICK_S = 1.0


@dataclass
class Written:
    """The newest figure of the campaign, as it was committed."""

    figure: int = 0


@dataclass
class Viewer:
    """One page. ``taken`` are seconds from the first tick after a change to the end of its drawing."""

    stream: ClientConnection
    query: str
    written: Written
    shown: int = -1
    ticks: int = 0
    drawings: int = 0
    messages: int = 0
    taken: list[float] = field(default_factory=list)
    fragment: str = ""
    _asked: tuple[float, int] | None = None
    _drawn: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        """Draw the page, up to its end."""
        await self._say()
        await asyncio.wait_for(self._drawn.wait(), _WAIT_S)

    async def listen(self) -> None:
        """Take what the server says for as long as it lasts."""
        async for said in self.stream:
            message = ForwardMsg()
            message.ParseFromString(said if isinstance(said, bytes) else said.encode())
            self.messages += 1
            kind = message.WhichOneof("type")
            if kind == "auto_rerun":
                self.fragment = message.auto_rerun.fragment_id
            elif kind == "delta" and (found := figures_in(message.delta.new_element.html.body).get(FIGURE)):
                self.shown = int(found.replace(",", ""))
            elif kind == "script_finished":
                self._finished()

    async def tick(self, after_s: float) -> None:
        """Ask for the moving part once a second, whatever the server does."""
        await asyncio.sleep(after_s)
        due = time.perf_counter()
        while True:
            if self._asked is None and self.shown < self.written.figure:
                self._asked = (time.perf_counter(), self.written.figure)
            self.ticks += 1
            await self._say(is_tick=True)
            due += _TICK_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))

    def forget(self) -> None:
        """Count from now on."""
        self.ticks, self.drawings, self.messages = 0, 0, 0
        self.taken.clear()

    def waiting_s(self) -> list[float]:
        """How long a drawing that has not come yet is waited for."""
        return [time.perf_counter() - self._asked[0]] if self._asked else []

    def _finished(self) -> None:
        self._drawn.set()
        self.drawings += 1
        if self._asked and self.shown >= self._asked[1]:
            self.taken.append(time.perf_counter() - self._asked[0])
            self._asked = None

    async def _say(self, *, is_tick: bool = False) -> None:
        said = BackMsg()
        said.rerun_script.query_string = self.query
        said.rerun_script.page_name = "progress"
        if is_tick:
            said.rerun_script.fragment_id, said.rerun_script.is_auto_rerun = self.fragment, True
        await self.stream.send(said.SerializeToString())


@asynccontextmanager
async def viewers(
    server: WebServer, token: str, query: str, count: int, written: Written
) -> AsyncIterator[list[Viewer]]:
    """So many pages, all drawn once; their ticks are spread over the second."""
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}", "Origin": server.url}
    address = f"ws://{server.host}/_stcore/stream"
    found: list[Viewer] = []
    tasks: list[asyncio.Task[None]] = []
    try:
        for _ in range(count):
            stream = await connect(
                address,
                additional_headers=cookie,
                subprotocols=["streamlit", "a-token"],  # type: ignore[list-item]
                proxy=None,
                max_size=None,
                open_timeout=_WAIT_S,
            )
            one = Viewer(stream, query, written)
            found.append(one)
            tasks.append(asyncio.create_task(one.listen()))
            await one.open()
        tasks += [asyncio.create_task(one.tick(place * _TICK_S / count)) for place, one in enumerate(found)]
        yield found
    finally:
        for task in tasks:
            task.cancel()
        for one in found:
            await one.stream.close()
