"""All counters behind one address."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.providers_server import google, hunter, language_model, neverbounce_jobs, reacher, snov
from tests.providers_server.desk import Desk, Endpoint, answer
from tests.providers_server.faults import KINDS, Fault
from tests.providers_server.google import Google
from tests.providers_server.hunter import Hunter
from tests.providers_server.language_model import LanguageModel
from tests.providers_server.neverbounce import NeverBounce
from tests.providers_server.osm import OpenStreetMap, Websites
from tests.providers_server.reacher import Reacher
from tests.providers_server.snov import Snov
from tests.providers_server.world import World

_WITH_ODDITIES = (google, hunter, language_model, neverbounce_jobs, reacher, snov)
_KINDS = KINDS.union(*(provider.ODDITIES for provider in _WITH_ODDITIES))


def create(desk: Desk, world: World, job_s: float) -> Starlette:
    """The application; what is under ``/_`` is for whoever runs it."""
    places, finder, bounce = Google(desk, world), Hunter(desk, world), NeverBounce(desk, world, job_s)
    maps, sites, counter = OpenStreetMap(desk, world), Websites(desk, world), desk.counter
    lists = {"jobs_status": bounce.status, "jobs_results": bounce.results, "jobs_search": bounce.search}
    return Starlette(
        routes=[
            *_controls(desk),
            _post("/v1/places:searchText", counter("google_places", "text_search", places.text_search)),
            Route("/maps/api/geocode/json", counter("google_geocoding", "geocode", places.geocode)),
            Route("/v2/domain-search", counter("hunter", "domain_search", finder.domain_search)),
            Route("/v2/account", finder.account),
            *(
                Route(path, told, methods=[method])
                for method, path, told in Snov(desk, world, job_s).routes()
            ),
            _post("/v0/check_email", counter("reacher", "check_email", Reacher(world).check_email)),
            _post(
                "/v1/chat/completions", counter("language_model", "complete", LanguageModel(desk).complete)
            ),
            _post("/v4.2/single/check", counter("neverbounce", "single_check", bounce.single_check)),
            Route("/v4.2/account/info", bounce.account, methods=["POST"]),
            _post("/v4.2/jobs/create", counter("neverbounce", "jobs_create", bounce.create)),
            *(
                _post(f"/v4.2/{name.replace('_', '/')}", counter("neverbounce", name, told, is_slow=False))
                for name, told in lists.items()
            ),
            _post("/api/interpreter", counter("overpass", "interpreter", maps.interpreter)),
            Route("/api/status", maps.status),
            Route("/search", counter("nominatim", "search", maps.search)),
            Route("/{path:path}", sites.page),
        ]
    )


def _post(path: str, endpoint: Endpoint) -> Route:
    return Route(path, endpoint, methods=["POST"])


def _controls(desk: Desk) -> list[Route]:
    async def bill(request: Request) -> Response:
        return answer(desk.bill.as_json())

    async def calls(request: Request) -> Response:
        return answer(dict(desk.calls))

    async def order_faults(request: Request) -> Response:
        faults = [Fault(**item) for item in await request.json()]
        unknown = {fault.kind for fault in faults} - _KINDS
        if unknown:
            return answer({"unknown": sorted(unknown)}, 400)
        desk.order(faults)
        return answer({})

    async def opt_out(request: Request) -> Response:
        desk.opted_out = set(await request.json())
        return answer({})

    async def reset(request: Request) -> Response:
        desk.reset()
        return answer({})

    return [
        Route("/_bill", bill),
        Route("/_calls", calls),
        _post("/_faults", order_faults),
        _post("/_opt_out", opt_out),
        _post("/_reset", reset),
    ]
