"""A web server in a process of its own, on the database of the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

import settings
from embedded.ports import free_port

_HOST = "127.0.0.1"
# Generous: a machine under load is slow, and only a broken server never answers.
_START_S = 60.0


@dataclass(frozen=True)
class WebServer:
    """Where it is reached, and what it has said."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def host(self) -> str:
        """As a browser writes it into ``Host``."""
        return self.url.removeprefix("http://")

    def said(self) -> str:
        """Its log so far."""
        return self.log.read_text()


@contextmanager
def web_server(app: str, log: Path, **environment: str) -> Iterator[WebServer]:
    """``app`` is the application as ``module:name``; in the environment of the test."""
    port = free_port(_HOST, 0)
    argv = [sys.executable, "-m", "api.server", app, _HOST, str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv,
            env={**os.environ, **environment},
            cwd=settings.PROJECT_ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = WebServer(f"http://{_HOST}:{port}", log, process)
    try:
        transport = httpx.HTTPTransport(retries=20)
        with httpx.Client(base_url=server.url, transport=transport, timeout=_START_S) as client:
            assert client.get("/healthz").json() == {"status": "ok"}, server.said()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_START_S)
