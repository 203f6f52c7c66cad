"""Google Geocoding: what a typed place means. Every outcome is an HTTP 200 whose ``status`` tells it.

Its terms forbid keeping an answer for others, so it is not cached: the free locators are asked first.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.campaign import MAX_RADIUS_KM
from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.geo.location import distance_km
from pipeline.money.calls import Answer, Call, ProviderCalls
from pipeline.network.http import HttpReply, ProviderHttp, too_fast, unreadable
from pipeline.place import Area
from pipeline.providers.google.answers import GEOCODING, google_failure

KEY, GEOCODE = "google_geocoding", "geocode"
_SMALLEST_KM = 0.5


class _LatLng(BaseModel):
    model_config = ConfigDict(extra="ignore")
    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)


class _Box(BaseModel):
    model_config = ConfigDict(extra="ignore")
    northeast: _LatLng
    southwest: _LatLng


class _Geometry(BaseModel):
    model_config = ConfigDict(extra="ignore")
    location: _LatLng
    viewport: _Box
    bounds: _Box | None = None


class _Component(BaseModel):
    model_config = ConfigDict(extra="ignore")
    short_name: str = ""
    types: list[str] = []


class _Result(BaseModel):
    model_config = ConfigDict(extra="ignore")
    formatted_address: str = ""
    geometry: _Geometry
    address_components: list[_Component] = []


class GoogleGeocoding:
    """Locates typed places; each new one is one paid call."""

    def __init__(self, calls: ProviderCalls, http: ProviderHttp, key: str, *, price_micros: int) -> None:
        self._calls = calls
        self._http = http
        self._key = key
        self._price_micros = price_micros

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        """The area Google makes of the text, under the name Google gives it; None when it knows none."""
        call = Call(
            provider=KEY,
            operation=GEOCODE,
            arguments={"address": " ".join(location.casefold().split())},
            price_micros=self._price_micros,
            repeatable=True,
        )
        reply = self._calls.ask(call, lambda: self._ask(location))
        return _area(_Result.model_validate(reply.body), radius_km) if reply.body else None

    def _ask(self, location: str) -> Answer:
        reply = self._http.get("maps/api/geocode/json", params={"address": location, "key": self._key})
        if reply.status != 200:
            raise google_failure(reply, GEOCODING)
        body = reply.lenient_body if isinstance(reply.lenient_body, dict) else {}
        status = body.get("status")
        if status == "ZERO_RESULTS":
            return Answer(
                http_status=200,
                body=None,
                cost_micros=self._price_micros,
                found=False,
                simulated=reply.simulated,
            )
        if status != "OK":
            raise _failure(status, reply)
        results = body.get("results")
        if not isinstance(results, list) or not results:
            raise unreadable(GEOCODING)
        try:
            first = _Result.model_validate(results[0])
        except ValidationError:
            raise unreadable(GEOCODING) from None
        return Answer(
            http_status=200,
            body=first.model_dump(),
            cost_micros=self._price_micros,
            simulated=reply.simulated,
        )


def _failure(status: object, reply: HttpReply) -> SourceError:
    if status in ("REQUEST_DENIED", "OVER_DAILY_LIMIT"):
        return SourceError(Cause.KEY_REFUSED, GEOCODING)
    if status == "OVER_QUERY_LIMIT":
        return too_fast(GEOCODING, reply)
    if status == "UNKNOWN_ERROR":
        # Documented as "may succeed if you try again", and nowhere as free.
        return SourceError(Cause.BUSY, GEOCODING, billed=Billed.UNKNOWN)
    if status == "INVALID_REQUEST":
        return SourceError(Cause.NOT_ACCEPTED, GEOCODING)
    return unreadable(GEOCODING)


def _area(result: _Result, radius_km: float | None) -> Area:
    box = result.geometry.bounds or result.geometry.viewport
    middle = result.geometry.location
    reach = distance_km(box.southwest.lat, box.southwest.lng, box.northeast.lat, box.northeast.lng) / 2
    country = next((part.short_name for part in result.address_components if "country" in part.types), "")
    return Area(
        label=result.formatted_address or f"{middle.lat:g}, {middle.lng:g}",
        lat=middle.lat,
        lon=middle.lng,
        radius_km=radius_km or min(max(reach, _SMALLEST_KM), MAX_RADIUS_KM),
        country=country if len(country) == 2 else None,
    )
