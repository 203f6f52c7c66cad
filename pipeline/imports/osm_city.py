"""The places of a city from an Overpass server: its box, asked for part by part, each as lines of a file of places.

A part whose answer is too much for the server or for us is asked for in quarters. The same box makes the same parts,
so that whoever goes on asks only for those that are missing. One question at a time, and pauses when the server wants
them, as its usage policy has it (https://dev.overpass-api.de/overpass-doc/en/preface/commons.html).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from math import cos, radians
from typing import Any

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.geo.location import KM_PER_DEGREE
from pipeline.imports.osm_file import Box, Seen
from pipeline.network.http import ProviderHttp
from pipeline.place import Place
from pipeline.providers import overpass
from pipeline.providers.overpass import Element
from pipeline.words.categories import BUSINESS_KEYS
from pipeline.words.osm_tags import LOCALITY_KINDS, place_from

MOST_KM2 = 12_000
"""The largest box that is asked for, about four times that of Greater London; more is a matter for an extract."""
ANSWER_BYTES = 16_000_000
_SERVER_S, _SERVER_BYTES = 90, 256 * 1024 * 1024
_WIDEST_KM = 16.0
_DEEPEST = 8
_TRIES = 6
_PAUSE_S = 15.0
_LESS_HELPS = frozenset({Cause.BUSY, Cause.TOO_LARGE, Cause.NO_ANSWER, Cause.BROKEN_OFF})
_LATER_HELPS = frozenset({Cause.TOO_FAST, Cause.UNREACHABLE, Cause.UNREADABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the box that was read: which one, its lines (packed), and the day of its data. ``share`` of the whole
    area, from 0 to 1."""

    path: str
    lines: bytes
    observed_on: date | None

    @property
    def share(self) -> float:
        return share_of(self.path)


def share_of(path: str) -> float:
    """How much of the whole area a part is: each letter of its path is a quarter."""
    return 0.25 ** len(path)


def km2(box: Box) -> float:
    """The area of a box, flat enough for a city."""
    south, west, north, east = box
    return (north - south) * (east - west) * KM_PER_DEGREE**2 * cos(radians((south + north) / 2))


def parts(
    http: ProviderHttp, box: Box, done: Collection[str], pause: Callable[[float], None]
) -> Iterator[Part]:
    """The parts of a box that are not ``done``, as they are answered. ``pause`` waits so many seconds, and raises what
    ends the work.

    Raises SourceError when the server gives no answer in the end; what was yielded before stands.
    """
    left = [("", box)]
    while left:
        path, area = left.pop()
        if path in done:
            continue
        was_split = any(other.startswith(path) for other in done)
        if was_split or _is_wide(area):
            left += _quarters(path, area)
            continue
        found = _answer(http, path, area, pause)
        if found is None:
            left += _quarters(path, area)
        else:
            yield found


def _answer(http: ProviderHttp, path: str, area: Box, pause: Callable[[float], None]) -> Part | None:
    """A part; None when it should be asked for in quarters."""
    was_too_much = False
    for number in range(1, _TRIES + 1):
        try:
            elements, base, _ = overpass.asked(http, question(area))
        except SourceError as error:
            may_split = error.cause in _LESS_HELPS and len(path) < _DEEPEST
            # Once more first: a server is busy by turns.
            if may_split and (was_too_much or error.cause is Cause.TOO_LARGE):
                return None
            was_too_much = was_too_much or may_split
            if number == _TRIES or not (error.cause in _LATER_HELPS or may_split):
                raise
            pause(error.retry_after_s or _PAUSE_S * number)
        else:
            day = overpass.day_of(base)
            return Part(path=path, lines=_lines(elements, day), observed_on=day)
    return None


def question(box: Box) -> str:
    """All named businesses and localities of a box, in Overpass QL."""
    edges = ",".join(f"{degrees:.6f}" for degrees in box)
    kinds = "|".join(LOCALITY_KINDS)
    wanted = "".join(f'nwr["{key}"]["name"];' for key in BUSINESS_KEYS)
    head = f"[out:json][timeout:{_SERVER_S}][maxsize:{_SERVER_BYTES}][bbox:{edges}];"
    return f'{head}({wanted}node["place"~"^({kinds})$"]["name"];);out center tags;'


def _is_wide(box: Box) -> bool:
    south, west, north, east = box
    wide = (east - west) * KM_PER_DEGREE * cos(radians((south + north) / 2))
    return max((north - south) * KM_PER_DEGREE, wide) > _WIDEST_KM


def _quarters(path: str, box: Box) -> list[tuple[str, Box]]:
    south, west, north, east = box
    lat, lon = (south + north) / 2, (west + east) / 2
    corners = (
        (south, west, lat, lon),
        (south, lon, lat, east),
        (lat, west, north, lon),
        (lat, lon, north, east),
    )
    return [(f"{path}{number}", corner) for number, corner in enumerate(corners)]


def _lines(elements: list[Element], day: date | None) -> bytes:
    seen = Seen()
    # Nodes first, so that the building around a business is known for what it is.
    places = [_place(each, day) for each in sorted(elements, key=lambda each: each.type != "node")]
    kept = [place for place in places if place is not None and not seen.before(place)]
    text = "".join(f"{json.dumps(_columns(place), ensure_ascii=False)}\n" for place in kept)
    # Without the time of packing: the same answer makes the same bytes.
    return gzip.compress(text.encode(), mtime=0)


def _place(element: Element, day: date | None) -> Place | None:
    kind, point = element.tags.get("place"), element.point
    is_locality = element.type == "node" and kind in LOCALITY_KINDS and element.tags.get("name", "").strip()
    if is_locality and point:
        return place_from(f"node/{element.id}", element.tags, f"place={kind}", *point, day)
    return overpass.business(element, day)


def _columns(place: Place) -> dict[str, Any]:
    """A place as a line of a file of places, by the columns of data/PROVENANCE.md."""
    names = ("name", "category", "lat", "lon", "street", "housenumber", "city", "postcode", "country")
    more = ("phone", "website", "email", "opening_hours", "brand")
    columns = {name: getattr(place, name) for name in (*names, *more)}
    return {"osm_id": place.source_ref, **columns, "tags": dict(place.tags)}
