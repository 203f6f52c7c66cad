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
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from api.middleware import KnownHosts, SecurityHeaders, SignedInOnly
from api.page_head import PageHead
from api.routes import routes
from tests.support.servers import Database

PAGE = "<html><title>Streamlit</title>a page</html>"


def _page(request: Request) -> Response:
    return HTMLResponse(PAGE)


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("a stream")


@contextmanager
def served() -> Iterator[httpx.Client]:
    """A browser, so to speak, at our routes, with one page and one stream standing where Streamlit's stand."""
    app = Starlette(
        routes=[
            *routes("<svg></svg>"),
            WebSocketRoute("/_stcore/stream", _stream),
            Route("/{path:path}", _page, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=[Middleware(each) for each in (SecurityHeaders, KnownHosts, SignedInOnly, PageHead)],
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def site(database: Database) -> Iterator[httpx.Client]:
    """Our routes over the database of this test."""
    with served() as client:
        yield client
