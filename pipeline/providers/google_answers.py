"""What Google's types and errors mean here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.calls import Provider
from pipeline.errors import ProviderGone, SourceError, TooFast
from pipeline.place import TypeMatch
from pipeline.providers.http import HttpReply, read_as

_NAME = Provider.GOOGLE_PLACES.label

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
    return (asked or mapped or [f"google={primary or next(iter(types), 'place')}"])[0]


def google_failure(reply: HttpReply) -> SourceError:
    """What an error of a Google API means: which are worth waiting for, and which only a person can mend."""
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    fields: dict[str, Any] = dict(error) if isinstance(error, dict) else {}
    details = fields.get("details")
    infos = [info for info in details if isinstance(info, dict)] if isinstance(details, list) else []
    reasons = {str(info.get("reason")) for info in infos}
    if reply.status == 429:
        limits = [
            info["metadata"].get("quota_limit") for info in infos if isinstance(info.get("metadata"), dict)
        ]
        if any("PerDay" in str(limit) for limit in limits):
            return ProviderGone(f"{_NAME} allows no more requests today.", alarm=True)
        return TooFast(f"{_NAME} asked to slow down.", retry_after_s=reply.retry_after_s)
    if reply.status >= 500:
        message = f"{_NAME} is having trouble."
        return SourceError(message, retryable=True, billed=False, retry_after_s=reply.retry_after_s)
    if reply.status in (401, 403) or "API_KEY_INVALID" in reasons:
        return ProviderGone(f"{_NAME} refused the key of this installation.", alarm=True)
    if reply.status < 400:
        return read_as(_NAME)
    return ProviderGone(f"{_NAME} does not understand what it is asked.", alarm=True)
