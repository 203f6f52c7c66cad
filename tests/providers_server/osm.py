"""OpenStreetMap's counters: Overpass and Nominatim; and the companies' own websites."""

from __future__ import annotations

import re
from math import cos, hypot, radians
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from tests.providers_server.desk import Desk, Exchange, answer
from tests.providers_server.faults import SIMULATED
from tests.providers_server.world import Shop, World

_SELECTOR = re.compile(r'nwr\["(\w+)"="([^"]+)"\]')
_AROUND = re.compile(r"around:(\d+),(-?[\d.]+),(-?[\d.]+)")
_BBOX = re.compile(r"\[bbox:(-?[\d.]+),(-?[\d.]+),(-?[\d.]+),(-?[\d.]+)\]")
_TOWN = (
    {
        "type": "node",
        "id": 25664166,
        "lat": 60.1674881,
        "lon": 24.9427473,
        "tags": {"place": "city", "name": "Helsinki", "name:sv": "Helsingfors", "population": "650000"},
    },
)
_BUSY = "<html><body><p>The server is probably too busy to handle your request.</p></body></html>"


class OpenStreetMap:
    """Answers over the same world as the paid counters."""

    def __init__(self, desk: Desk, world: World) -> None:
        self._desk = desk
        self._world = world

    async def interpreter(self, request: Request, exchange: Exchange) -> Response:
        """POST /api/interpreter"""
        if self._desk.too_fast("overpass"):
            return HTMLResponse(_BUSY, 429, SIMULATED)
        question = str((await request.form()).get("data", ""))
        if question.startswith("[out:json]") and (box := _BBOX.search(question)):
            south, west, north, east = map(float, box.groups())
            inside = [
                shop for shop in self._world.shops if south <= shop.lat < north and west <= shop.lon < east
            ]
            exchange.charge(question, 0)
            return _elements([*map(_element, inside), *_TOWN] if inside else [])
        around = _AROUND.search(question)
        if not question.startswith("[out:json]") or around is None:
            return HTMLResponse("<p><strong>Error</strong>: line 1: parse error</p>", 400, SIMULATED)
        radius_m, lat, lon = int(around[1]), float(around[2]), float(around[3])
        wanted = {f"{key}={value}" for key, value in _SELECTOR.findall(question)}
        near = [
            shop
            for shop in self._world.shops
            if shop.category in wanted and _away_m(shop, lat, lon) <= radius_m
        ]
        exchange.charge(question, 0)
        return _elements([_element(shop) for shop in near])

    async def status(self, request: Request) -> Response:
        """GET /api/status"""
        return PlainTextResponse("Rate limit: 2\n2 slots available now.\n", headers=SIMULATED)

    async def search(self, request: Request, exchange: Exchange) -> Response:
        """GET /search"""
        if self._desk.too_fast("nominatim"):
            return Response("Bandwidth limit exceeded", 429, SIMULATED)
        text = request.query_params.get("q", "")
        exchange.charge(text, 0)
        if "lapland" in text.casefold():
            return answer([_LAPLAND])
        if "helsinki" not in text.casefold():
            return answer([])
        hit = {
            "osm_type": "relation",
            "osm_id": 34914,
            "lat": "60.1674881",
            "lon": "24.9427473",
            "category": "boundary",
            "type": "administrative",
            "name": "Helsinki",
            "display_name": "Helsinki, Uusimaa, Finland",
            "boundingbox": ["60.09", "60.30", "24.78", "25.25"],
            "address": {"city": "Helsinki", "country": "Finland", "country_code": "fi"},
        }
        return answer([hit])


class Websites:
    """Every company's site, chosen by the Host header."""

    def __init__(self, desk: Desk, world: World) -> None:
        self._desk = desk
        self._world = world

    async def page(self, request: Request) -> Response:
        """Any page of any site."""
        host = request.headers.get("host", "").partition(":")[0]
        shop = self._world.by_domain.get(host)
        path = request.url.path
        if shop is None:
            return PlainTextResponse("No such site.", 404, SIMULATED)
        if path == "/robots.txt":
            return PlainTextResponse("User-agent: *\nDisallow: /private\n", headers=SIMULATED)
        if path == "/":
            links = (
                '<a href="/contact">Contact</a> <a href="/imprint">Imprint</a> <a href="/about">About us</a>'
            )
            body = f"<h1>{shop.name}</h1><p>Welcome. {_address_on(shop, 0)}</p>{links}"
        elif path == "/contact":
            body = f"<h1>{shop.name}</h1><p>Come and see us. {_address_on(shop, 3)}</p>"
        elif path == "/imprint":
            body = f"<h1>Imprint</h1><p>{_address_on(shop, 6).replace('@', ' (at) ')}</p>"
        elif path == "/about":
            delivers = "We deliver every morning." if shop.number % 2 else "We do not deliver."
            body = f"<h1>About us</h1><p>We like what we do. {delivers}</p>"
        else:
            return PlainTextResponse("Not found.", 404, SIMULATED)
        return HTMLResponse(f"<html><title>{shop.name}</title><body>{body}</body></html>", headers=SIMULATED)


# A county of 100,000 km².
_LAPLAND = {
    "osm_type": "relation",
    "osm_id": 1724359,
    "lat": "67.9222304",
    "lon": "26.5046438",
    "category": "boundary",
    "type": "administrative",
    "name": "Lapland",
    "display_name": "Lapland, Finland",
    "boundingbox": ["65.79", "70.09", "20.54", "29.89"],
    "address": {"state": "Lapland", "country": "Finland", "country_code": "fi"},
}


def _elements(found: list[dict[str, Any]]) -> Response:
    base = {"timestamp_osm_base": "2026-11-20T00:00:00Z", "copyright": "OpenStreetMap contributors, ODbL"}
    return answer({"version": 0.6, "generator": "stand-in", "osm3s": base, "elements": found})


def _address_on(shop: Shop, page: int) -> str:
    """The company's address when it is this page that shows it: one in three each on home, contact and imprint."""
    return shop.site_email if shop.site_email and shop.number % 9 == page else ""


def _away_m(shop: Shop, lat: float, lon: float) -> float:
    return hypot((shop.lat - lat) * 111_320, (shop.lon - lon) * 111_320 * cos(radians(lat)))


def _element(shop: Shop) -> dict[str, Any]:
    key, _, value = shop.category.partition("=")
    tags = {
        "name": shop.name,
        key: value,
        "addr:street": "Harbour street",
        "addr:housenumber": str(shop.number + 1),
    }
    tags |= {"addr:city": "Helsinki", "addr:postcode": "00100", "phone": f"+358 9 {1000000 + shop.number}"}
    tags |= {"website": f"https://{shop.domain}/"} if shop.domain else {}
    return {"type": "node", "id": 10_000_000 + shop.number, "lat": shop.lat, "lon": shop.lon, "tags": tags}
