"""The forms and the gate in front of a page, served over the network from the real database."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from api import server
from api.map_tiles import MapTiles
from api.routes import routes
from api.stack import stack
from tests.support.servers import Database

# Generous: a machine under load is slow, and only a broken server never answers.
_WAIT_S = 60.0
PAGE = "<html><head><title>Streamlit</title><script>first()</script></head>a page</html>"


def _page(request: Request) -> Response:
    return HTMLResponse(PAGE)


def _breaks(request: Request) -> Response:
    raise RuntimeError("a canary of the inside")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("a stream")


@contextmanager
def served(tiles: MapTiles | None = None) -> Iterator[httpx.Client]:
    """A browser, so to speak, at our routes, with one page and one stream standing where Streamlit's stand."""
    app = Starlette(
        routes=[
            *routes("<svg></svg>", tiles),
            Route("/static/breaks", _breaks, methods=["GET"]),
            WebSocketRoute("/_stcore/stream", _stream),
            Route("/{path:path}", _page, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=stack(),
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = uvicorn.Server(server.configuration(app, lifespan="off"))
        thread = Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=_WAIT_S) as client:
                yield client
        finally:
            running.should_exit = True
            thread.join()


@pytest.fixture
def site(database: Database) -> Iterator[httpx.Client]:
    """Our routes over the database of this test."""
    with served() as client:
        yield client
