"""A small reverse proxy before several web servers, which keeps each session at one of them, as deploy/nginx.conf has
nginx do it."""

from __future__ import annotations

import asyncio
import hashlib
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from services.identity import SESSION_COOKIE

_TOKEN = re.compile(rf"^cookie:.*\b{SESSION_COOKIE}=([^;\s]+)", re.IGNORECASE | re.MULTILINE)
_CONNECTION = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
_ENDS = (OSError, asyncio.IncompleteReadError)


class Proxy:
    """``served`` has for each request the server that got it, and its first line. Those in ``down`` get no new ones."""

    def __init__(self, servers: Sequence[str]) -> None:
        self.down: set[str] = set()
        self.served: list[tuple[str, str]] = []
        self.url = ""
        self.servers = servers
        self._turns: Counter[str] = Counter()
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self._thread.start()
        self._listens.wait()

    def close(self) -> None:
        """Take no more connections, and end those there are."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    def server_of(self, token: str, path: str = "") -> str:
        """Where a session is; without one the servers take turns at each path."""
        up = [each for each in self.servers if each not in self.down]
        if not token:
            self._turns[path] += 1
            return up[self._turns[path] % len(up)]
        return max(up, key=lambda each: hashlib.sha256(f"{each} {token}".encode()).digest())

    async def _run(self) -> None:
        listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        self._listens.set()
        await self._over.wait()
        listener.close()
        for writer in self._open:
            writer.close()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    async def _serve(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        self._open.add(to_browser)
        with suppress(*_ENDS):
            head = await browser.readuntil(b"\r\n\r\n")
            host = self._noted(head.decode("latin-1"))
            server, to_server = await asyncio.open_connection(*host.split(":"))
            to_server.write(_as_last(head))
            ways = [asyncio.create_task(_pass(*way)) for way in ((browser, to_server), (server, to_browser))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            to_server.close()
        to_browser.close()
        self._open.discard(to_browser)

    def _noted(self, head: str) -> str:
        found, said = _TOKEN.search(head), head.partition("\r\n")[0]
        host = self.server_of(found[1] if found else "", said.split()[1].partition("?")[0])
        self.served.append((host, said))
        return host


def _as_last(head: bytes) -> bytes:
    """A request after which its connection ends, so that the next one is looked at again; a stream goes on."""
    if b"\r\nupgrade:" in head.lower():
        return head
    return _CONNECTION.sub(b"", head)[:-2] + b"Connection: close\r\n\r\n"


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(*_ENDS):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()


@contextmanager
def proxy(servers: Sequence[str]) -> Iterator[Proxy]:
    """A running one before ``servers``, each ``host:port``."""
    made = Proxy(servers)
    try:
        yield made
    finally:
        made.close()
