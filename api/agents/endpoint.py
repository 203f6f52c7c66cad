"""``/mcp``: the tools for agents over HTTP, each request by itself, for whoever has a key."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.v1 import problems
from api.v1.door import CHALLENGE, WRONG_KEY
from api.v1.problems import Problem
from services import api_access
from services.identity import Person

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context

PATH = "/mcp"
_BEARER = "bearer "


class Agents:
    """The application behind the address. It keeps nothing from one request to the next, so that several web servers
    serve one agent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("authorization", "")
        key = given[len(_BEARER) :].strip() if given[: len(_BEARER)].casefold() == _BEARER else ""
        entry = await run_in_threadpool(api_access.enter, key)
        answer: ASGIApp
        if entry is None:
            answer = problems.answer(scope, Problem.INVALID_KEY, WRONG_KEY, (), CHALLENGE)
        elif entry.is_refused:
            said = f"This key may make {entry.most:,} requests a minute. Go on in {entry.resets_in_s} s."
            wait = {"Retry-After": str(entry.resets_in_s)}
            answer = problems.answer(scope, Problem.TOO_MANY, said, (), wait)
        elif entry.closed:
            answer = problems.answer(scope, Problem.NOT_ALLOWED, entry.closed)
        else:
            return await _told(entry.person, scope, receive, send)
        await answer(scope, receive, send)


async def _told(person: Person, scope: Scope, receive: Receive, send: Send) -> None:
    # The library takes half a second to load, and most installations have no agents.
    server = await run_in_threadpool(import_module, "api.agents.server")
    tools = server.server(_asking)
    app = tools.streamable_http_app(
        streamable_http_path="/",
        stateless_http=True,
        json_response=True,
        transport_security=server.BEHIND_OUR_GATE,
    )
    async with tools.session_manager.run():
        await app({**scope, "path": "/", "root_path": "", "state": {"person": person}}, receive, send)


def _asking(ctx: Context[Any, Any]) -> Person:
    """Whom the key of a request acts for."""
    request: Any = ctx.request_context.request
    person: Person = request.state.person
    return person
