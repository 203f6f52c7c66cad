"""Overpass: businesses of OpenStreetMap, live. Free and without a key; a busy server or a ``remark`` is a failure.

A query that ran out of time or memory is answered with HTTP 200 and a ``remark``, maybe beside a part of the elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.fields import TAGS
from pipeline.geo.location import distance_km
from pipeline.money.calls import Answer, Call, Json, ProviderCalls
from pipeline.network.http import HttpReply, ProviderHttp, too_fast, unreadable
from pipeline.network.json_body import readable_items
from pipeline.place import Area, Place, PlaceQuery
from pipeline.providers.context import Locate, RunContext
from pipeline.providers.declaration import Kind, Limit, Operation, ProviderSpec, Setting
from pipeline.providers.locators import first_that_knows
from pipeline.providers.open_data import OSM_TERMS
from pipeline.providers.overpass_ql import ql
from pipeline.words.osm_tags import category_of, is_refining_key, place_from

KEY, CHOICE, INTERPRETER = "overpass", "osm_live", "interpreter"
_NAME = "OpenStreetMap (Overpass)"
_MOST = 2000
"""Elements asked for at once: with the tags kept they stay below the size of answer that is read."""
_BATCH = 500
_KEPT_TAGS = re.compile(
    r"^(name|brand|cuisine|(addr|contact):.*|(phone|mobile|website|url|email|opening_hours|description|note)(:.*|\d)?"
    r"|postal_code|facebook|instagram|fixme|FIXME|(operational_|business_)?status|(end|start|opening|closing|closed)_date"
    r"|(abandoned|closed|construction|demolished|destroyed|disused|permanently_closed|planned|proposed|razed|removed"
    r"|ruins|was)(:.*)?|vacant|amenity|shop|office|craft|healthcare|leisure|tourism|club)$"
)


class _Centre(BaseModel):
    model_config = ConfigDict(extra="ignore")
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Element(BaseModel):
    """Nodes have a position of their own, ways and relations a centre; ids are only unique within a type."""

    model_config = ConfigDict(extra="ignore")
    type: str = Field(pattern="^(node|way|relation)$")
    id: int
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    center: _Centre | None = None
    tags: dict[str, str] = {}

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude: its own or those of its centre."""
        lat, lon = (self.lat, self.lon) if self.center is None else (self.center.lat, self.center.lon)
        return None if lat is None or lon is None else (lat, lon)


class OverpassSearch:
    """The live map as a source of businesses."""

    name: str = CHOICE
    is_paid = False

    def __init__(self, calls: ProviderCalls, http: ProviderHttp, *, locate: Locate, today: date) -> None:
        self._calls = calls
        self._http = http
        self._locate = locate
        self._today = today
        self._is_full = False

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        return self._locate(location, radius_km)

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        most = min(query.limit, _MOST)
        question = ql(query.types, query.area, most)
        call = Call(
            provider=KEY,
            operation=INTERPRETER,
            arguments={"data": question},
            repeatable=True,
            keep_days=1,
        )
        reply = self._calls.ask(call, lambda: self._ask(question))
        body = reply.body if isinstance(reply.body, Mapping) else {}
        observed = day_of(body.get("base")) or self._today
        elements = body.get("elements")
        found = [place for raw in _elements(elements) if (place := business(raw, observed))]
        self._is_full = len(found) >= most

        def away_km(place: Place) -> float:
            return distance_km(query.area.lat, query.area.lon, *place.point)

        nearest = sorted(found, key=away_km)
        for start in range(0, len(nearest), _BATCH):
            yield nearest[start : start + _BATCH]

    def remarks(self) -> Sequence[str]:
        return (
            ("OpenStreetMap had more than one answer may hold. Narrow the radius.",) if self._is_full else ()
        )

    def _ask(self, question: str) -> Answer:
        elements, base, simulated = asked(self._http, question)
        kept: list[Json] = [_kept(element) for element in elements]
        stored: dict[str, Json] = {"elements": kept, "base": base}
        return Answer(http_status=200, body=stored, found=bool(kept), simulated=simulated)


def asked(http: ProviderHttp, question: str) -> tuple[list[Element], str | None, bool]:
    """Ask a server once: the elements of a whole answer, the moment of its data, and whether a stand-in gave it.

    Raises SourceError; BUSY also for an answer that the server could not complete.
    """
    reply = http.post_form(INTERPRETER, {"data": question})
    if reply.status != 200:
        raise _failure(reply)
    body: Any = reply.lenient_body
    if not isinstance(body, dict) or not isinstance(body.get("elements"), list):
        raise unreadable(_NAME)
    if body.get("remark"):
        raise SourceError(Cause.BUSY, _NAME)
    osm3s = body.get("osm3s")
    base = osm3s.get("timestamp_osm_base") if isinstance(osm3s, dict) else None
    found = _elements(readable_items(body["elements"]))
    return found, base if isinstance(base, str) else None, reply.simulated


def _failure(reply: HttpReply) -> SourceError:
    if reply.status == 429:
        return too_fast(_NAME, reply)
    if reply.status >= 500:
        return SourceError(Cause.BUSY, _NAME, billed=Billed.NO, retry_after_s=reply.retry_after_s)
    return SourceError(Cause.NOT_ACCEPTED, _NAME)


def _elements(raw: object) -> list[Element]:
    found: list[Element] = []
    for item in raw if isinstance(raw, Sequence) and not isinstance(raw, str) else ():
        try:
            found.append(Element.model_validate(item))
        except ValidationError:
            continue
    return found


def _kept(element: Element) -> dict[str, Json]:
    """What is stored of an element: where it is and the tags that are read."""
    lat, lon = element.point or (None, None)
    tags: dict[str, Any] = {key: value[:300] for key, value in element.tags.items() if _is_kept(key)}
    return {"type": element.type, "id": element.id, "lat": lat, "lon": lon, "tags": tags}


def _is_kept(tag: str) -> bool:
    return tag in TAGS or _KEPT_TAGS.match(tag) is not None or is_refining_key(tag)


def business(element: Element, observed: date | None) -> Place | None:
    """The named business an element is; None for anything else."""
    tags = {key: value.replace("\x00", "") for key, value in element.tags.items()}
    category = category_of(tags)
    if category is None or element.point is None or not tags.get("name", "").strip():
        return None
    return place_from(f"{element.type}/{element.id}", tags, category, *element.point, observed)


def day_of(stamp: object) -> date | None:
    """The day of the moment a server gives for its data; None when it gives none."""
    try:
        return datetime.fromisoformat(str(stamp)).date()
    except ValueError:
        return None


def _build(context: RunContext) -> OverpassSearch:
    return OverpassSearch(
        context.calls,
        context.http(KEY),
        locate=first_that_knows(*context.locators(), context.known_locality),
        today=context.today,
    )


def _answers(http: ProviderHttp) -> bool:
    return http.get("status").status == 200


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label=_NAME,
        kind=Kind.PLACES,
        help="Businesses of OpenStreetMap as it stands now, from an Overpass server.",
        build=_build,
        choice=CHOICE,
        choice_label="OpenStreetMap, live",
        origin="openstreetmap",
        origin_label="OpenStreetMap",
        rank=10,
        aliases=("osm", "openstreetmap", "overpass"),
        endpoint="OVERPASS_BASE_URL",
        limits=(Limit(setting="OVERPASS_PER_SECOND", window_s=1),),
        operations=(Operation(name=INTERPRETER, label="Search for businesses", about=("area",)),),
        terms=OSM_TERMS,
        settings=(
            Setting(
                name="OVERPASS_BASE_URL",
                help="Overpass server for live OpenStreetMap searches and loading cities; a mirror or one of your own.",
                default="https://overpass-api.de/api",
            ),
            Setting(
                name="OVERPASS_PER_SECOND",
                help="Overpass requests a second for the whole installation.",
                default=1,
                least=1,
                most=1000,
            ),
        ),
        probe=_answers,
    ),
)
