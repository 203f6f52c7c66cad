"""Memory of the web server while people without a session press it: 200 sign-ins at a time, 500 connections that say
half of what they want, and 40 files of 5 MB sent to it. Each beside the same server just before."""

from __future__ import annotations

import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import httpx
import psutil
import typer

from bench._installation import installation
from tests.support.web_server import WebServer, web_server

_MIB = 1024 * 1024
_SIGN_INS, _CONNECTIONS, _FILES = 200, 500, 40
_WAIT_S = 120.0
_BAR_SIGN_INS, _BAR_CONNECTIONS, _BAR_FILES = 2.0, 1.2, 1.2
_HALF = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nCookie: x=" + b"x" * 8000


def main() -> None:
    """Print all rows; exit with 1 when one takes more than its bar times the memory at rest."""
    with installation() as (folder, _owner), web_server("streamlit_app:app", folder / "web.log") as server:
        _sign_in(server)
        print(f"{'':<20}{'rest':>8}{'most':>8}{'ratio':>8}   MiB; answers by status")
        ratios = [
            _row(f"{_CONNECTIONS} half requests", server, lambda: _half_requests(server)),
            _row(f"{_FILES} files of 5 MB", server, lambda: _at_once(server, _FILES, _upload)),
            _row(f"{_SIGN_INS} sign-ins", server, lambda: _at_once(server, _SIGN_INS, _sign_in)),
        ]
    bars = (_BAR_CONNECTIONS, _BAR_FILES, _BAR_SIGN_INS)
    print(f"bars: {', '.join(map(str, bars))}")
    sys.exit(any(ratio > bar for ratio, bar in zip(ratios, bars, strict=True)))


def _row(name: str, server: WebServer, press: Callable[[], Counter[int]]) -> float:
    rest = _memory(server)
    over, most = threading.Event(), [rest]

    def look() -> None:
        while not over.wait(0.02):
            most[0] = max(most[0], _memory(server))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        answers = press()
    finally:
        over.set()
        watch.join()
    told = ", ".join(f"{status}: {count}" for status, count in sorted(answers.items()))
    print(f"{name:<20}{rest:>8.0f}{most[0]:>8.0f}{most[0] / rest:>8.2f}   {told}")
    return most[0] / rest


def _at_once(server: WebServer, count: int, ask: Callable[[WebServer], int]) -> Counter[int]:
    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(ask, [server] * count))


def _sign_in(server: WebServer) -> int:
    fields = {"email": "nobody@example.com", "password": "a guess of no use"}
    answer = httpx.post(f"{server.url}/sign-in", data=fields, headers={"Origin": server.url}, timeout=_WAIT_S)
    return answer.status_code


def _upload(server: WebServer) -> int:
    """0 when the server hung up before it had all."""
    with suppress(httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        file = {"file": ("a.csv", b"x" * 5 * _MIB)}
        return httpx.put(f"{server.url}/_stcore/upload_file/x/y", files=file, timeout=_WAIT_S).status_code
    return 0


def _half_requests(server: WebServer) -> Counter[int]:
    """All open at a time; each is read to the end that the server makes."""
    host, port = server.host.split(":")
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(_CONNECTIONS)]
        for connection in held:
            with suppress(OSError):
                connection.sendall(_HALF)
        return Counter(_status(connection) for connection in held)


def _status(connection: socket.socket) -> int:
    """0 when the server hung up without a word."""
    connection.settimeout(_WAIT_S)
    with suppress(ConnectionError, IndexError):
        return int(connection.recv(100).split()[1])
    return 0


def _memory(server: WebServer) -> float:
    """Memory nobody shares with it, in MiB."""
    return float(psutil.Process(server.process.pid).memory_full_info().uss / _MIB)


if __name__ == "__main__":
    typer.run(main)
