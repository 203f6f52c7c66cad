"""Google Places API (New), Text Search: businesses by text inside a rectangle, 20 a page, 60 a query at most.

Rules of the provider this file rests on (developers.google.com/maps/documentation/places/web-service/text-search):
the field mask decides the price of the whole request, and ``nextPageToken`` has to be in it; all other parameters of
a following page must equal those of the first; no hit is an empty object; a bad key is a 400. Google's terms let
place ids be kept for good, everything else for thirty days: the answers in the ledger are stripped after that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.geo.location import distance_km
from pipeline.geo.tiles import Tile, around, parts, reaches
from pipeline.money.calls import Answer, Call, Json, ProviderCalls, Reply
from pipeline.network.http import ProviderHttp, unreadable
from pipeline.network.json_body import readable_items
from pipeline.place import Area, Place, PlaceQuery, TypeMatch
from pipeline.providers.context import Locate
from pipeline.providers.google.answers import PLACES, PLACES_KEY, google_failure, is_stale_token
from pipeline.providers.google.listed import place_of, read_places

PAGE = 20
CAP = 60
"""The most results of one query over all its pages."""
FIELDS = (
    "places.id,places.displayName,places.formattedAddress,places.addressComponents,places.location,places.types,"
    "places.primaryType,places.businessStatus,places.websiteUri,places.internationalPhoneNumber,"
    "places.nationalPhoneNumber,nextPageToken"
)
"""No hours or photos: none of them is used. The contacts make it the Enterprise tier."""
RATED = f"places.rating,places.userRatingCount,{FIELDS}"
"""With what an order asks ratings for; they are of the same tier, so a page costs the same."""
_PAGES_FOR_ANY, _PAGES_FOR_FULL_ONE = 30, 4
_MOST_RESTARTS = 3
"""So many page tokens may turn out too old in one run; each lets a tile be searched again in parts."""
_MOST_FAILED = 3
"""So many tiles may fail before the source is taken for out: each may have cost two pages that brought nothing."""
_FEWEST_PARTS, _MOST_PARTS = 4, 24
KEY, SEARCH = PLACES_KEY, "text_search"


@dataclass(slots=True)
class _SoFar:
    """What one search has come to: how many pages it may still read, in which country, which places it has seen, what
    went wrong; and whether the tile read last holds more than was shown."""

    pages_left: int = 0
    region: str | None = None
    seen: set[str] = field(default_factory=set)
    failures: list[SourceError] = field(default_factory=list)
    tiles: int = 0
    capped: int = 0
    left_out: int = 0
    restarts: int = 0
    is_full: bool = False
    is_cut_off: bool = False


class GooglePlacesSearch:
    """Text Search as a source of businesses; each page is one paid call."""

    name: str = KEY
    is_paid = True

    def __init__(  # noqa: PLR0913 - what a search needs, each a thing of its own
        self,
        calls: ProviderCalls,
        http: ProviderHttp,
        key: str,
        *,
        price_micros: int,
        locate: Locate,
        today: date,
        min_rating: float | None = None,
    ) -> None:
        """``min_rating``: ratings are asked for, and no places rated worse (0-5, in halves); None: they are not."""
        self._calls = calls
        self._http = http
        self._key = key
        self._price_micros = price_micros
        self._locate = locate
        self._today = today
        self._is_rated = min_rating is not None
        self._least: dict[str, Json] = {"minRating": min_rating} if min_rating else {}
        self._so_far = _SoFar()

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        return self._locate(location, radius_km)

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        """Pages in the order of the tiles; each is bought only when it is taken.

        A tile that fails ends none of the others; the failure is raised when they are through. Raises SourceError with
        ``LONG_SEARCH`` when as many pages were read as an order of this size is worth.
        """
        self._so_far = _SoFar(pages_left=most_pages(query.limit), region=query.area.country)
        for match in query.types:
            waiting = [around(query.area)]
            while waiting:
                tile, found = waiting.pop(0), list[Place]()
                self._so_far.tiles += 1
                try:
                    for page in self._pages(match, tile):
                        found += page
                        yield [place for place in self._fresh(page) if _is_within(place, query.area)]
                except SourceError as error:
                    self._so_far.failures.append(error)
                    if error.cause.ends_search or len(self._so_far.failures) == _MOST_FAILED:
                        raise
                    continue
                self._so_far.capped += self._so_far.is_full
                if self._so_far.is_full or self._so_far.is_cut_off:
                    waiting += self._parts(tile, query, found, len(waiting))
        if self._so_far.failures:
            raise self._so_far.failures[0]

    def remarks(self) -> Sequence[str]:
        so_far = self._so_far
        of = f"of {so_far.tiles} tile{'' if so_far.tiles == 1 else 's'}"
        said = {
            f"The source's limit of {CAP} was hit in {so_far.capped} {of}.": so_far.capped,
            f"{len(so_far.failures)} {of} could not be read to the end.": len(so_far.failures),
            f"Left out {so_far.left_out} of the source's places: they cannot be read.": so_far.left_out,
        }
        return tuple(sentence for sentence, count in said.items() if count)

    def _fresh(self, page: Sequence[Place]) -> list[Place]:
        """Those of a page that no page before held."""
        fresh = [place for place in page if place.source_ref not in self._so_far.seen]
        self._so_far.seen |= {place.source_ref for place in fresh}
        return fresh

    def _parts(self, tile: Tile, query: PlaceQuery, found: Sequence[Place], waiting: int) -> list[Tile]:
        """The tiles to search instead of one that holds more than was shown; ``waiting`` others come before them."""
        expected = len(self._so_far.seen) + CAP * waiting
        smaller = parts(tile, _how_many(query.limit - expected), _points(found))
        return [part for part in smaller if reaches(part, query.area)]

    def _pages(self, match: TypeMatch, tile: Tile) -> Iterator[Sequence[Place]]:
        so_far = self._so_far
        token, tokens, listed = "", set[str](), 0
        so_far.is_cut_off = so_far.is_full = False
        for number in range(CAP // PAGE):
            if so_far.pages_left == 0:
                raise SourceError(Cause.LONG_SEARCH, PLACES)
            so_far.pages_left -= 1
            reply = self._page(match, tile, number, token)
            body: Any = reply.body if isinstance(reply.body, dict) else {}
            places, left_out = read_places(body.get("places")), int(body.get("left_out", 0))
            so_far.left_out += left_out
            listed += len(places) + left_out
            so_far.is_full = listed >= CAP
            # An answer that had to be forgotten meanwhile (Google's thirty days) has no body any more.
            so_far.is_cut_off = reply.body is None or bool(body.get("is_cut_off"))
            yield [place_of(raw, match, self._today, so_far.region) for raw in places]
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
            **self._least,
        }
        call = Call(
            provider=KEY,
            operation=SEARCH,
            arguments={"text": text, "rectangle": rectangle, "page": number, **self._rated_arguments()},
            price_micros=self._price_micros,
            repeatable=True,
        )
        return self._calls.ask(call, lambda: self._ask(request | ({"pageToken": token} if token else {})))

    def _rated_arguments(self) -> dict[str, Json]:
        """What tells a question with ratings from one without: neither is the other's answer."""
        return {"ratings": True, **self._least} if self._is_rated else {}

    def _ask(self, request: dict[str, Json]) -> Answer:
        reply = self._http.post_json(
            "v1/places:searchText",
            request,
            headers={"X-Goog-Api-Key": self._key, "X-Goog-FieldMask": RATED if self._is_rated else FIELDS},
        )
        if "pageToken" in request and is_stale_token(reply) and self._so_far.restarts < _MOST_RESTARTS:
            self._so_far.restarts += 1
            # A campaign that goes on later finds its pages cut off; the tile is searched in parts instead.
            return Answer(http_status=400, body={"is_cut_off": True}, found=False, simulated=reply.simulated)
        if reply.status != 200:
            raise google_failure(reply)
        body: Any = reply.lenient_body
        if not isinstance(body, dict) or not isinstance(body.get("places", []), list):
            raise unreadable(PLACES)
        listed = body.get("places", [])[:PAGE]
        kept = [place.model_dump(exclude_defaults=True) for place in read_places(readable_items(listed))]
        token = body.get("nextPageToken")
        return Answer(
            http_status=reply.status,
            body={
                "places": kept,
                "left_out": len(listed) - len(kept),
                "nextPageToken": token if isinstance(token, str) else "",
            },
            cost_micros=self._price_micros,
            found=bool(kept),
            simulated=reply.simulated,
        )


def most_pages(leads: int) -> int:
    """How many pages a search for so many leads may read: many times what they fill, as pages repeat what is known and
    not everything on them qualifies; yet no search pays without end. Our own choice."""
    return _PAGES_FOR_ANY + _PAGES_FOR_FULL_ONE * math.ceil(leads / PAGE)


def _how_many(missing: int) -> int:
    """Into how many parts a tile is cut: each cut repeats the sixty known, so one large cut is better than many."""
    return min(max(_FEWEST_PARTS, math.ceil(missing / CAP) + 1), _MOST_PARTS)


def _points(places: Sequence[Place]) -> list[tuple[float, float]]:
    return [(place.lat, place.lon) for place in places if place.lat is not None and place.lon is not None]


def _is_within(place: Place, area: Area) -> bool:
    """The corners of a rectangle lie outside the circle asked for; a place without a position may be in it."""
    if place.lat is None or place.lon is None:
        return True
    return distance_km(area.lat, area.lon, place.lat, place.lon) <= area.radius_km * 1.001
