"""Google's counters: Places Text Search (New) and Geocoding."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.desk import REVOKED, Desk, Exchange, answer
from tests.providers_server.world import Shop, World

PLACE_MICROS, GEOCODE_MICROS = 35_000, 5_000
ODDITIES = {
    "nan": "the first place of the page stands at NaN, which is no JSON",
    "premise": "the first place of the page has the name of a house and no route among the parts of its address",
    "old_token": "a page after the first is refused because its token is too old; it costs nothing",
    "refused_page": "a page after the first is refused as an invalid argument that is not its token; it costs nothing",
}
_PAGE, _CAP = 20, 60
_TYPES = {"amenity=cafe": "cafe", "amenity=restaurant": "restaurant", "shop=bakery": "bakery"}


class Google:
    """Answers over the world, with Google's rules."""

    def __init__(self, desk: Desk, world: World) -> None:
        self._desk = desk
        self._world = world
        self._first: dict[str, str] = {}

    async def text_search(self, request: Request, exchange: Exchange) -> Response:
        """POST /v1/places:searchText"""
        key = request.headers.get("x-goog-api-key")
        if not key:
            return _error(403, "PERMISSION_DENIED", "", "Method doesn't allow unregistered callers.")
        if key == REVOKED:
            return _error(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid.")
        mask = request.headers.get("x-goog-fieldmask", "")
        if not mask or " " in mask:
            return _error(400, "INVALID_ARGUMENT", "", "FieldMask is a required parameter.")
        if self._desk.too_fast("google_places"):
            exchange.refuse_too_fast()
            return too_fast("PerMinutePerProject")
        return self._page(json.loads(await request.body()), mask, exchange)

    def _page(self, body: dict[str, Any], mask: str, exchange: Exchange) -> Response:
        token = str(body.pop("pageToken", ""))
        same = json.dumps(body, sort_keys=True)
        page = 0
        if token:
            number, _, first = token.partition("|")
            if exchange.is_odd("old_token"):
                return _error(400, "INVALID_ARGUMENT", "", "The token is too old.", field="page_token")
            if self._first.get(first) != same:
                return _error(
                    400, "INVALID_ARGUMENT", "", "Request parameters must equal those of the first page."
                )
            page = int(number)
            if exchange.is_odd("refused_page"):
                return _error(400, "INVALID_ARGUMENT", "", "Invalid value at 'location_restriction'.")
        box = body["locationRestriction"]["rectangle"]
        low, high = box["low"], box["high"]
        area = (low["latitude"], low["longitude"], high["latitude"], high["longitude"])
        least = float(body.get("minRating", 0))
        matching = self._world.matching(str(body["textQuery"]), area)
        found = sorted((shop for shop in matching if _rating(shop) >= least), key=_relevance)[:_CAP]
        shown = found[page * _PAGE : (page + 1) * _PAGE]
        has_ratings = "places.rating" in mask
        question = {"text": body["textQuery"], "rectangle": box, "page": page}
        question |= {"ratings": True, **({"minRating": least} if least else {})} if has_ratings else {}
        exchange.charge(json.dumps(question, sort_keys=True), PLACE_MICROS)
        places = [_place(shop) | (_rated(shop) if has_ratings else {}) for shop in shown]
        _make_odd(places, exchange)
        result: dict[str, Any] = {"places": places} if places else {}
        if len(found) > (page + 1) * _PAGE and "nextPageToken" in mask:
            first = str(len(self._first)) if same not in self._first.values() else _key_of(self._first, same)
            self._first[first] = same
            result["nextPageToken"] = f"{page + 1}|{first}"
        return answer(result)

    async def geocode(self, request: Request, exchange: Exchange) -> Response:
        """GET /maps/api/geocode/json"""
        if request.query_params.get("key") in (None, "", REVOKED):
            return answer({"results": [], "status": "REQUEST_DENIED", "error_message": "The key is invalid."})
        address = request.query_params.get("address", "")
        exchange.charge(address, GEOCODE_MICROS)
        if "helsinki" not in address.casefold():
            return answer({"results": [], "status": "ZERO_RESULTS"})
        box = {"northeast": {"lat": 60.3, "lng": 25.25}, "southwest": {"lat": 60.09, "lng": 24.78}}
        geometry = {"location": {"lat": 60.17, "lng": 24.94}, "location_type": "APPROXIMATE", "viewport": box}
        country = {"long_name": "Finland", "short_name": "FI", "types": ["country", "political"]}
        result = {
            "formatted_address": "Helsinki, Finland",
            "geometry": geometry,
            "address_components": [country],
        }
        return answer({"results": [result], "status": "OK"})


def _key_of(kept: dict[str, str], value: str) -> str:
    return next(key for key, other in kept.items() if other == value)


def _place(shop: Shop) -> dict[str, Any]:
    kind = _TYPES.get(shop.category, shop.category.partition("=")[2])
    place: dict[str, Any] = {
        "id": shop.place_id,
        "displayName": {"text": shop.name, "languageCode": "en"},
        "formattedAddress": f"{shop.street}, 00100 Helsinki, Finland",
        "addressComponents": [
            {"longText": str(shop.number + 1), "shortText": str(shop.number + 1), "types": ["street_number"]},
            {"longText": "Harbour street", "shortText": "Harbour street", "types": ["route"]},
            {"longText": "Helsinki", "shortText": "Helsinki", "types": ["locality"]},
            {"longText": "00100", "shortText": "00100", "types": ["postal_code"]},
            {"longText": "Finland", "shortText": "FI", "types": ["country"]},
        ],
        "location": {"latitude": shop.lat, "longitude": shop.lon},
        "types": [kind, "point_of_interest", "establishment"],
        "primaryType": kind,
        "businessStatus": "CLOSED_PERMANENTLY" if shop.number % 50 == 49 else "OPERATIONAL",
        "internationalPhoneNumber": f"+358 9 {1000000 + shop.number}",
    }
    return place | ({"websiteUri": f"https://{shop.domain}/"} if shop.domain else {})


def _rating(shop: Shop) -> float:
    """From 3.0 to 4.9; one in ten has none yet."""
    return 0.0 if shop.number % 10 == 7 else 3.0 + shop.number * 7 % 20 / 10


def _rated(shop: Shop) -> dict[str, Any]:
    rating = _rating(shop)
    return {"rating": rating, "userRatingCount": 3 + shop.number * 13 % 400} if rating else {}


def _make_odd(places: list[dict[str, Any]], exchange: Exchange) -> None:
    """Change the first place of a page that is to be odd."""
    if places and exchange.is_odd("nan"):
        places[0]["location"]["latitude"] = float("nan")
    if places and exchange.is_odd("premise"):
        house = {"longText": "Lantern House", "shortText": "Lantern House", "types": ["premise"]}
        others = [
            part
            for part in places[0]["addressComponents"]
            if not {"route", "street_number"} & {*part["types"]}
        ]
        places[0]["addressComponents"] = [house, *others]
        places[0]["formattedAddress"] = f"Lantern House, {places[0]['formattedAddress']}"


def too_fast(limit: str) -> Response:
    """The 429 of a per-minute and of a per-day limit look the same but for the name of the limit."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {"quota_limit": f"SearchTextRequest{limit}"},
    }
    error = {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded.", "details": [info]}
    return answer({"error": error}, 429)


def _relevance(shop: Shop) -> bytes:
    """Google ranks by relevance, which has nothing to do with where in the rectangle a business is."""
    return hashlib.sha256(shop.name.encode()).digest()


def _error(code: int, status: str, reason: str, message: str, *, field: str = "") -> Response:
    error: dict[str, Any] = {"code": code, "status": status, "message": message}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    if field:
        violations = [{"field": field, "description": message}]
        error["details"] = [
            {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}
        ]
    return answer({"error": error}, code)
