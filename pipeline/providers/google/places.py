"""Google Places API (New), Text Search: businesses by text inside a rectangle, 20 a page, 60 a query at most.

Rules of the provider this file rests on (developers.google.com/maps/documentation/places/web-service/text-search):
the field mask decides the price of the whole request, and ``nextPageToken`` has to be in it; all other parameters of
a following page must equal those of the first; no hit is an empty object; a bad key is a 400. Google's terms let
place ids be kept for good, everything else for thirty days: the answers in the ledger are stripped after that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipeline.contact.websites import MAX_URL
from pipeline.geo.location import distance_km
from pipeline.geo.tiles import Tile, around, parts, reaches
from pipeline.money.calls import Answer, Call, Json, ProviderCalls, Reply
from pipeline.network.http import ProviderHttp, unreadable
from pipeline.place import Area, Place, PlaceQuery, TypeMatch
from pipeline.providers.context import Locate
from pipeline.providers.google.answers import PLACES, category_of, google_failure, is_stale_token

PAGE = 20
CAP = 60
"""The most results of one query over all its pages."""
FIELDS = (
    "places.id,places.displayName,places.formattedAddress,places.addressComponents,places.location,places.types,"
    "places.primaryType,places.businessStatus,places.websiteUri,places.internationalPhoneNumber,"
    "places.nationalPhoneNumber,nextPageToken"
)
"""No rating, hours or photos: none of them is used. The contacts make it the Enterprise tier."""
_MAX_QUERIES = 200
_FEWEST_PARTS, _MOST_PARTS = 4, 24
KEY, SEARCH = "google_places", "text_search"
_OPEN = (None, "", "OPERATIONAL", "BUSINESS_STATUS_UNSPECIFIED")


# No real value is longer; an endless one would make a page that was paid for too large to keep.
_Line = Annotated[str, AfterValidator(lambda text: text[:300])]


class _Text(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: _Line = ""


class _Point(BaseModel):
    model_config = ConfigDict(extra="ignore")
    latitude: float = Field(default=0.0, ge=-90, le=90)
    longitude: float = Field(default=0.0, ge=-180, le=180)


class _Component(BaseModel):
    model_config = ConfigDict(extra="ignore")
    longText: _Line = ""
    shortText: _Line = ""
    types: list[_Line] = Field(default=[], max_length=50)


class _Place(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str = Field(min_length=1, max_length=300)
    displayName: _Text = _Text()
    formattedAddress: _Line | None = None
    addressComponents: list[_Component] = Field(default=[], max_length=50)
    location: _Point | None = None
    types: list[_Line] = Field(default=[], max_length=100)
    primaryType: _Line | None = None
    businessStatus: _Line | None = None
    websiteUri: str | None = Field(default=None, max_length=MAX_URL)
    internationalPhoneNumber: _Line | None = None
    nationalPhoneNumber: _Line | None = None


class GooglePlacesSearch:
    """Text Search as a source of businesses; each page is one paid call."""

    name: str = KEY
    is_paid = True

    def __init__(
        self,
        calls: ProviderCalls,
        http: ProviderHttp,
        key: str,
        *,
        price_micros: int,
        locate: Locate,
        today: date,
    ) -> None:
        self._calls = calls
        self._http = http
        self._key = key
        self._price_micros = price_micros
        self._locate = locate
        self._today = today
        self._tiles = self._capped = 0
        self._is_cut_off = False

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        return self._locate(location, radius_km)

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        """Pages in the order of the tiles; each is bought only when it is taken."""
        seen: set[str] = set()
        self._tiles = self._capped = 0
        for match in query.types:
            waiting = [around(query.area)]
            while waiting and self._tiles < _MAX_QUERIES:
                tile = waiting.pop(0)
                self._tiles += 1
                found: list[Place] = []
                self._is_cut_off = False
                for page in self._pages(match, tile):
                    found += page
                    fresh = [place for place in page if place.source_ref not in seen]
                    seen |= {place.source_ref for place in fresh}
                    yield [place for place in fresh if _is_within(place, query.area)]
                self._capped += len(found) >= CAP
                if len(found) >= CAP or self._is_cut_off:
                    expected = len(seen) + CAP * len(waiting)
                    smaller = parts(tile, _how_many(query.limit - expected), _points(found))
                    waiting += [part for part in smaller if reaches(part, query.area)]

    def remarks(self) -> Sequence[str]:
        if not self._capped:
            return ()
        of = f"{self._tiles} tile{'' if self._tiles == 1 else 's'}"
        return (f"The source's limit of {CAP} was hit in {self._capped} of {of}.",)

    def _pages(self, match: TypeMatch, tile: Tile) -> Iterator[Sequence[Place]]:
        token, tokens = "", set[str]()
        for number in range(CAP // PAGE):
            reply = self._page(match, tile, number, token)
            body = reply.body if isinstance(reply.body, dict) else {}
            yield [self._place(raw, match) for raw in _read(body.get("places"))]
            # An answer that had to be forgotten meanwhile (Google's thirty days) has no body any more.
            self._is_cut_off = reply.body is None or bool(body.get("is_cut_off"))
            token = str(body.get("nextPageToken") or "")
            # A token that comes again would lead in a circle that costs money at every turn.
            if not token or token in tokens:
                return
            tokens.add(token)

    def _page(self, match: TypeMatch, tile: Tile, number: int, token: str) -> Reply:
        text = match.typed
        rectangle: dict[str, Json] = {
            "low": {"latitude": tile.south, "longitude": tile.west},
            "high": {"latitude": tile.north, "longitude": tile.east},
        }
        request: dict[str, Json] = {
            "textQuery": text,
            "pageSize": PAGE,
            "locationRestriction": {"rectangle": rectangle},
        }
        call = Call(
            provider=KEY,
            operation=SEARCH,
            arguments={"text": text, "rectangle": rectangle, "page": number},
            price_micros=self._price_micros,
            repeatable=True,
        )
        return self._calls.ask(call, lambda: self._ask(request | ({"pageToken": token} if token else {})))

    def _ask(self, request: dict[str, Json]) -> Answer:
        reply = self._http.post_json(
            "v1/places:searchText",
            request,
            headers={"X-Goog-Api-Key": self._key, "X-Goog-FieldMask": FIELDS},
        )
        if "pageToken" in request and is_stale_token(reply):
            # A campaign that goes on later finds its pages cut off; the tile is searched in parts instead.
            return Answer(http_status=400, body={"is_cut_off": True}, found=False, simulated=reply.simulated)
        if reply.status != 200:
            raise google_failure(reply)
        if not isinstance(reply.body, dict) or not isinstance(reply.body.get("places", []), list):
            raise unreadable(PLACES)
        kept = [place.model_dump(exclude_defaults=True) for place in _read(reply.body.get("places", []))]
        token = reply.body.get("nextPageToken")
        return Answer(
            http_status=reply.status,
            body={"places": kept, "nextPageToken": token if isinstance(token, str) else ""},
            cost_micros=self._price_micros,
            found=bool(kept),
            simulated=reply.simulated,
        )

    def _place(self, raw: _Place, match: TypeMatch) -> Place:
        parts = {kind: part for part in raw.addressComponents for kind in part.types}

        def long(*kinds: str) -> str | None:
            return next(
                (parts[kind].longText for kind in kinds if kind in parts and parts[kind].longText), None
            )

        country = parts["country"].shortText if "country" in parts else None
        closed = {} if raw.businessStatus in _OPEN else {"operational_status": "closed"}
        return Place(
            source=KEY,
            source_ref=raw.id,
            name=raw.displayName.text,
            category=category_of(raw.primaryType, raw.types, match),
            lat=raw.location.latitude if raw.location else None,
            lon=raw.location.longitude if raw.location else None,
            street=long("route", "street_address") or _first_line(raw.formattedAddress),
            housenumber=long("street_number") if long("route") else None,
            city=long("locality", "postal_town", "administrative_area_level_3"),
            postcode=long("postal_code"),
            country=country,
            phone=raw.internationalPhoneNumber or raw.nationalPhoneNumber,
            website=raw.websiteUri,
            tags=closed,
            observed_on=self._today,
        )


def _how_many(missing: int) -> int:
    """Into how many parts a tile is cut: each cut repeats the sixty known, so one large cut is better than many."""
    return min(max(_FEWEST_PARTS, math.ceil(missing / CAP) + 1), _MOST_PARTS)


def _points(places: Sequence[Place]) -> list[tuple[float, float]]:
    return [(place.lat, place.lon) for place in places if place.lat is not None and place.lon is not None]


def _read(raw: object) -> list[_Place]:
    """The places that have the shape documented; others cannot be identified and are left out."""
    found: list[_Place] = []
    for item in raw if isinstance(raw, list) else []:
        place = _one(item)
        if place is not None:
            found.append(place)
    return found[:PAGE]


def _one(item: object) -> _Place | None:
    """A place; values of a wrong shape beside its id are dropped, as if they were not given."""
    if not isinstance(item, dict):
        return None
    try:
        return _Place.model_validate(item)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors()}
        if "id" in wrong:
            return None
        return _one({name: value for name, value in item.items() if name not in wrong})


def _first_line(address: str | None) -> str | None:
    return address.partition(",")[0].strip() or None if address else None


def _is_within(place: Place, area: Area) -> bool:
    """The corners of a rectangle lie outside the circle asked for; a place without a position may be in it."""
    if place.lat is None or place.lon is None:
        return True
    return distance_km(area.lat, area.lon, place.lat, place.lon) <= area.radius_km * 1.001
