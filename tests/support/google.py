"""Google Text Search over the wire: places, pages, errors, and a source that reads them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from pipeline.money.calls import Endpoint
from pipeline.network.http import ProviderHttp
from pipeline.place import Area, Place, PlaceQuery
from pipeline.providers.google.places import GooglePlacesSearch
from pipeline.words.understanding import match_types
from tests.support.calls import DirectCalls
from tests.support.wire import Answerer, Wire, plain

AREA = Area(label="Town", lat=60.0, lon=25.0, radius_km=2.0, country="FI")
PRICE = 35_000


def place(number: int, **values: object) -> dict[str, Any]:
    """A café as Google lists it."""
    given: dict[str, Any] = {
        "id": f"place-{number}",
        "displayName": {"text": f"Anchor {number}"},
        "location": {"latitude": 60.0, "longitude": 25.0},
        "types": ["cafe"],
        "primaryType": "cafe",
        "businessStatus": "OPERATIONAL",
    }
    return given | values


@contextmanager
def searching(
    server: Wire, calls: DirectCalls, min_rating: float | None = None
) -> Iterator[GooglePlacesSearch]:
    """A source that asks this server."""
    http = ProviderHttp("Google Places", Endpoint(base_url=server.url, key="k"), user_agent="t")
    try:
        yield GooglePlacesSearch(
            calls,
            http,
            "k",
            price_micros=PRICE,
            locate=lambda *_: AREA,
            today=date(2026, 11, 24),
            min_rating=min_rating,
        )
    finally:
        http.close()


def search(
    server: Wire, calls: DirectCalls, limit: int = 100, min_rating: float | None = None
) -> tuple[list[Place], GooglePlacesSearch]:
    """All places of a search for cafés, and the source that was searched."""
    query = PlaceQuery(types=match_types(["cafe"]), area=AREA, limit=limit)
    with searching(server, calls, min_rating) as source:
        return [found for batch in source.search(query) for found in batch], source


def pages(*bodies: dict[str, Any]) -> Answerer:
    """These answers in turn, then empty ones."""
    left = [json.dumps(body) for body in bodies]
    return lambda connection, request: plain(left.pop(0) if left else "{}")(connection, request)


def error(status: str, reason: str = "", limit: str = "") -> str:
    """An error as Google tells it."""
    info = {"reason": reason, "metadata": {"quota_limit": limit}}
    return json.dumps({"error": {"status": status, "details": [info] if reason else "none"}})


def invalid(*fields: str) -> str:
    """INVALID_ARGUMENT as google/rpc/error_details.proto has it, about these fields."""
    violations = [{"field": field, "description": "Invalid."} for field in fields]
    kind = "type.googleapis.com/google.rpc.BadRequest"
    details = [{"@type": kind, "fieldViolations": violations}]
    return json.dumps({"error": {"code": 400, "status": "INVALID_ARGUMENT", "details": details}})


def refusing(following: str, *, always: bool = False) -> Answerer:
    """A first page of every tile, or of the first tile alone; every following page is refused with this body."""

    def answer(connection: socket.socket, request: bytes) -> None:
        is_full = always or not asked
        asked.append(request)
        number = len(asked) * 20
        listed = {"places": [place(number + n) for n in range(20)], "nextPageToken": f"old{number}"}
        refused = plain(following, "400 Bad Request")
        page = plain(json.dumps(listed) if is_full else "{}")
        (refused if b"pageToken" in request else page)(connection, request)

    asked: list[bytes] = []
    return answer
