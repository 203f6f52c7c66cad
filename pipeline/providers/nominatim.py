"""Nominatim: what a typed place means, by OpenStreetMap.

Its usage policy (operations.osmfoundation.org/policies/nominatim) allows one request a second for everybody
together, asks for a User-Agent that names the application, and forbids autocompletion and bulk use: it is asked for
the place a person typed and for nothing else.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.campaign import MAX_RADIUS_KM
from pipeline.errors import ProviderGone, SourceError, TooFast
from pipeline.geo.location import distance_km
from pipeline.money.calls import Answer, Call, Provider, ProviderCalls
from pipeline.network.http import HttpReply, ProviderHttp, read_as
from pipeline.place import Area

_NAME = Provider.NOMINATIM.label
_SMALLEST_KM = 0.5


_Degrees = Annotated[float, Field(ge=-360, le=360)]


class _Hit(BaseModel):
    """Numbers come as strings; the box is south, north, west, east."""

    model_config = ConfigDict(extra="ignore")
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    boundingbox: tuple[_Degrees, _Degrees, _Degrees, _Degrees]
    display_name: str = ""
    name: str = ""
    address: dict[str, str] = {}


class Nominatim:
    """Locates typed places for free."""

    def __init__(self, calls: ProviderCalls, http: ProviderHttp) -> None:
        self._calls = calls
        self._http = http

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        """The area OpenStreetMap makes of the text; None when it knows none."""
        call = Call(
            provider=Provider.NOMINATIM,
            operation="search",
            arguments={"q": " ".join(location.casefold().split())},
            repeatable=True,
            keep_days=30,
        )
        reply = self._calls.ask(call, lambda: self._ask(location))
        return _area(_Hit.model_validate(reply.body), radius_km) if reply.body else None

    def _ask(self, location: str) -> Answer:
        params = {"q": location, "format": "jsonv2", "limit": "1", "addressdetails": "1"}
        reply = self._http.get("search", params=params, headers={"Accept-Language": "en"})
        if reply.status != 200:
            raise _failure(reply)
        if not isinstance(reply.body, list):
            raise read_as(_NAME)
        if not reply.body:
            return Answer(http_status=200, body=None, found=False, simulated=reply.simulated)
        try:
            hit = _Hit.model_validate(reply.body[0])
        except ValidationError:
            raise read_as(_NAME) from None
        return Answer(http_status=200, body=hit.model_dump(), simulated=reply.simulated)


def _failure(reply: HttpReply) -> SourceError:
    if reply.status == 429:
        return TooFast(f"{_NAME} asked to slow down.", retry_after_s=reply.retry_after_s)
    if reply.status >= 500:
        message = f"{_NAME} is busy."
        return SourceError(message, retryable=True, billed=False, retry_after_s=reply.retry_after_s)
    if reply.status == 403:
        return ProviderGone(f"{_NAME} does not serve this installation.", alarm=True)
    return SourceError(f"{_NAME} cannot read this place.", retryable=False, billed=False)


def _area(hit: _Hit, radius_km: float | None) -> Area:
    south, north, west, east = hit.boundingbox
    reach = distance_km(south, west, north, east) / 2
    country = hit.address.get("country_code", "").upper()
    return Area(
        label=(hit.name or hit.display_name.partition(",")[0] or f"{hit.lat:g}, {hit.lon:g}")[:300],
        lat=hit.lat,
        lon=hit.lon,
        radius_km=radius_km or min(max(reach, _SMALLEST_KM), MAX_RADIUS_KM),
        country=country if len(country) == 2 else None,
    )
