"""The forms and the gate in front of a page, served over the network from the real database."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Thread

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api.middleware import SecurityHeaders, SignedInOnly
from api.page_head import PageHead
from api.routes import routes
from tests.support.servers import Database

PAGE = "<html><title>Streamlit</title>a page</html>"


def _page(request: Request) -> Response:
    return HTMLResponse(PAGE)


@pytest.fixture
def site(database: Database) -> Iterator[httpx.Client]:
    """A browser, so to speak, at our routes, with one page standing where Streamlit's pages stand."""
    app = Starlette(
        routes=[*routes("<svg></svg>"), Route("/{path:path}", _page)],
        middleware=[Middleware(SecurityHeaders), Middleware(SignedInOnly), Middleware(PageHead)],
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
