"""All counters behind one address."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.providers_server.desk import Desk, Fault, answer
from tests.providers_server.finders import Hunter, NeverBounce
from tests.providers_server.google import Google
from tests.providers_server.osm import OpenStreetMap, Websites
from tests.providers_server.world import World


def create(desk: Desk, world: World, job_s: float) -> Starlette:
    """The application; what is under ``/_`` is for whoever runs it."""
    google, hunter, bounce = Google(desk, world), Hunter(desk, world), NeverBounce(desk, world, job_s)
    maps, sites = OpenStreetMap(desk, world), Websites(desk, world)

    async def bill(request: Request) -> Response:
        return answer(desk.lines())

    async def calls(request: Request) -> Response:
        return answer(dict(desk.calls))

    async def order_faults(request: Request) -> Response:
        desk.faults = [Fault(**item) for item in await request.json()]
        desk.calls.clear()
        return answer({})

    async def opt_out(request: Request) -> Response:
        desk.opted_out = set(await request.json())
        return answer({})

    async def reset(request: Request) -> Response:
        desk.reset()
        return answer({})

    return Starlette(
        routes=[
            Route("/_bill", bill),
            Route("/_calls", calls),
            Route("/_faults", order_faults, methods=["POST"]),
            Route("/_opt_out", opt_out, methods=["POST"]),
            Route("/_reset", reset, methods=["POST"]),
            Route("/v1/places:searchText", google.text_search, methods=["POST"]),
            Route("/maps/api/geocode/json", google.geocode),
            Route("/v2/domain-search", hunter.domain_search),
            Route("/v2/account", hunter.account),
            Route("/v4.2/single/check", bounce.single_check, methods=["POST"]),
            Route("/v4.2/jobs/create", bounce.create, methods=["POST"]),
            Route("/v4.2/jobs/status", bounce.status, methods=["POST"]),
            Route("/v4.2/jobs/results", bounce.results, methods=["POST"]),
            Route("/api/interpreter", maps.interpreter, methods=["POST"]),
            Route("/api/status", maps.status),
            Route("/search", maps.search),
            Route("/{path:path}", sites.page),
        ]
    )
