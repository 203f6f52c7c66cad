"""What Google's types and errors mean here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.network.http import HttpReply, server_error, too_fast, unreadable
from pipeline.place import TypeMatch

PLACES = "Google Places"
GEOCODING = "Google Geocoding"
PLACES_KEY = "google_places"
_BAD_KEY = "API_KEY_INVALID"
_TOKEN_FIELDS = {"pageToken", "page_token"}

# Google's types that are called otherwise on the map this product speaks of.
_CATEGORIES = {
    "cafe": "amenity=cafe",
    "coffee_shop": "amenity=cafe",
    "restaurant": "amenity=restaurant",
    "bar": "amenity=bar",
    "pub": "amenity=pub",
    "bakery": "shop=bakery",
    "dentist": "amenity=dentist",
    "dental_clinic": "amenity=dentist",
    "doctor": "amenity=doctors",
    "pharmacy": "amenity=pharmacy",
    "bank": "amenity=bank",
    "gym": "leisure=fitness_centre",
    "hotel": "tourism=hotel",
    "hair_salon": "shop=hairdresser",
    "hair_care": "shop=hairdresser",
    "beauty_salon": "shop=beauty",
    "lawyer": "office=lawyer",
    "accounting": "office=accountant",
    "real_estate_agency": "office=estate_agent",
    "insurance_agency": "office=insurance",
    "plumber": "craft=plumber",
    "electrician": "craft=electrician",
    "supermarket": "shop=supermarket",
    "florist": "shop=florist",
    "book_store": "shop=books",
    "clothing_store": "shop=clothes",
    "car_repair": "shop=car_repair",
    "veterinary_care": "amenity=veterinary",
}


def category_of(primary: str | None, types: Sequence[str], match: TypeMatch) -> str:
    """The OSM tag of a Google type: one of those asked for when it fits, else ``google=<type>``."""
    mapped = [_CATEGORIES[kind] for kind in (primary, *types) if kind in _CATEGORIES]
    asked = [tag for tag in mapped if tag in match.tags]
    # Google lists it for a finer kind, which its own type does not tell: a restaurant, for a pizzeria.
    is_finer = any(tag.startswith(f"{main}+") for tag in match.tags for main in mapped)
    unmapped = [f"google={primary or next(iter(types), 'place')}"]
    return (asked or (unmapped if is_finer else mapped) or unmapped)[0]


def is_stale_token(reply: HttpReply) -> bool:
    """Whether a question was refused for its page token, which is good for a while only.

    How Text Search says that is not documented. What is, for every API of Google (google/rpc/error_details.proto), is
    that INVALID_ARGUMENT names the fields it is about: so only one about the token, and no other, is taken for it.
    """
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    if reply.status != 400 or not isinstance(error, dict) or error.get("status") != "INVALID_ARGUMENT":
        return False
    found = [violation for info in _infos(reply) for violation in _violations(info)]
    return bool(found) and {str(violation.get("field")) for violation in found} <= _TOKEN_FIELDS


def google_failure(reply: HttpReply, name: str = PLACES) -> SourceError:
    """What an error of a Google API means: which are worth waiting for, and which only a person can mend."""
    infos = _infos(reply)
    if reply.status == 429:
        limits = [
            info["metadata"].get("quota_limit") for info in infos if isinstance(info.get("metadata"), dict)
        ]
        if any("PerDay" in str(limit) for limit in limits):
            return SourceError(Cause.DAY_LIMIT, name)
        return too_fast(name, reply)
    if reply.status >= 500:
        return server_error(name, reply)
    if reply.status in (401, 403) or _BAD_KEY in _reasons(infos):
        return SourceError(Cause.KEY_REFUSED, name)
    if reply.status < 400:
        return unreadable(name)
    return SourceError(Cause.NOT_UNDERSTOOD, name)


def _infos(reply: HttpReply) -> list[dict[str, Any]]:
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [info for info in details if isinstance(info, dict)] if isinstance(details, list) else []


def _violations(info: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields a BadRequest is about."""
    found = info.get("fieldViolations")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _reasons(infos: Sequence[dict[str, Any]]) -> set[str]:
    return {str(info.get("reason")) for info in infos}
