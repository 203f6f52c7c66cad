"""Nominatim: what a typed place means, by OpenStreetMap.

Its usage policy (operations.osmfoundation.org/policies/nominatim) allows one request a second for everybody
together, asks for a User-Agent that names the application, and forbids autocompletion and bulk use: it is asked for
the place a person typed and for nothing else.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.campaign import MAX_RADIUS_KM
from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.geo.location import distance_km
from pipeline.money.calls import Answer, Call, ProviderCalls
from pipeline.network.http import HttpReply, ProviderHttp, too_fast, unreadable
from pipeline.place import Area
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, Limit, Operation, ProviderSpec, Setting, Terms

KEY, SEARCH = "nominatim", "search"
_NAME = "OpenStreetMap (Nominatim)"
_SMALLEST_KM = 0.5


_Degrees = Annotated[float, Field(ge=-360, le=360)]


class Hit(BaseModel):
    """Numbers come as strings; the box is south, north, west, east."""

    model_config = ConfigDict(extra="ignore")
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    boundingbox: tuple[_Degrees, _Degrees, _Degrees, _Degrees]
    display_name: str = ""
    name: str = ""
    address: dict[str, str] = {}

    @property
    def country(self) -> str | None:
        """ISO 3166 alpha-2."""
        code = self.address.get("country_code", "").upper()
        return code if len(code) == 2 else None


class Nominatim:
    """Locates typed places for free."""

    def __init__(self, calls: ProviderCalls, http: ProviderHttp) -> None:
        self._calls = calls
        self._http = http

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        """The area OpenStreetMap makes of the text; None when it knows none."""
        call = Call(
            provider=KEY,
            operation=SEARCH,
            arguments={"q": " ".join(location.casefold().split())},
            repeatable=True,
            keep_days=30,
        )
        reply = self._calls.ask(call, lambda: self._ask(location))
        return _area(Hit.model_validate(reply.body), radius_km) if reply.body else None

    def _ask(self, location: str) -> Answer:
        hit, simulated = first_hit(self._http, location)
        if hit is None:
            return Answer(http_status=200, body=None, found=False, simulated=simulated)
        return Answer(http_status=200, body=hit.model_dump(), simulated=simulated)


def first_hit(http: ProviderHttp, location: str) -> tuple[Hit | None, bool]:
    """Ask a server once what a place is, and whether a stand-in answered. Raises SourceError."""
    params = {"q": location, "format": "jsonv2", "limit": "1", "addressdetails": "1"}
    reply = http.get(SEARCH, params=params, headers={"Accept-Language": "en"})
    if reply.status != 200:
        raise _failure(reply)
    hits = reply.lenient_body
    if not isinstance(hits, list):
        raise unreadable(_NAME)
    if not hits:
        return None, reply.simulated
    try:
        return Hit.model_validate(hits[0]), reply.simulated
    except ValidationError:
        raise unreadable(_NAME) from None


def _failure(reply: HttpReply) -> SourceError:
    if reply.status == 429:
        return too_fast(_NAME, reply)
    if reply.status >= 500:
        return SourceError(Cause.BUSY, _NAME, billed=Billed.NO, retry_after_s=reply.retry_after_s)
    if reply.status == 403:
        return SourceError(Cause.NOT_SERVED, _NAME)
    return SourceError(Cause.NOT_ACCEPTED, _NAME)


def _area(hit: Hit, radius_km: float | None) -> Area:
    south, north, west, east = hit.boundingbox
    reach = distance_km(south, west, north, east) / 2
    return Area(
        label=(hit.name or hit.display_name.partition(",")[0] or f"{hit.lat:g}, {hit.lon:g}")[:300],
        lat=hit.lat,
        lon=hit.lon,
        radius_km=radius_km or min(max(reach, _SMALLEST_KM), MAX_RADIUS_KM),
        country=hit.country,
    )


def _build(context: RunContext) -> Nominatim:
    return Nominatim(context.calls, context.http(KEY))


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label=_NAME,
        kind=Kind.LOCATOR,
        help="Finds a typed place, for nothing.",
        build=_build,
        rank=10,
        endpoint="NOMINATIM_BASE_URL",
        limits=(Limit(setting="NOMINATIM_PER_SECOND", window_s=1),),
        operations=(Operation(name=SEARCH, label="Find the place", about=("q",)),),
        terms=Terms(url="https://operations.osmfoundation.org/policies/nominatim/"),
        settings=(
            Setting(
                name="NOMINATIM_BASE_URL",
                help="Nominatim server that turns a typed place into coordinates; your own or a mirror.",
                default="https://nominatim.openstreetmap.org",
            ),
            Setting(
                name="NOMINATIM_PER_SECOND",
                help="Nominatim requests a second for the whole installation.",
                default=1,
                least=1,
                most=1000,
            ),
        ),
    ),
)
