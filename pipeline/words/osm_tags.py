"""What OpenStreetMap tags say about a business: its kind, whether it still exists, its columns.

Tag meanings: https://wiki.openstreetmap.org/wiki/Map_features and, for places that are gone,
https://wiki.openstreetmap.org/wiki/Lifecycle_prefix
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from pipeline.place import Place
from pipeline.words.categories import BUSINESS_KEYS, is_category

SOURCE = "openstreetmap"
# ``place=*`` values that people name when they say where.
LOCALITY_KINDS = ("city", "town", "village", "borough", "suburb", "quarter", "neighbourhood")

# Under these keys most values are no business; only those listed as a category are.
_SELECTIVE_KEYS = frozenset({"amenity", "tourism", "leisure"})
_PUBLIC_OFFICES = frozenset(
    {"administrative", "diplomatic", "government", "political_party", "public", "quango", "religion"}
)
_EMPTY = frozenset({"abandoned", "closed", "disused", "empty", "no", "none", "vacant"})
_GONE_PREFIXES = ("abandoned:", "closed:", "demolished:", "disused:", "razed:", "removed:", "was:")
_GONE_FLAGS = ("abandoned", "closed", "demolished", "disused", "removed", "vacant")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

# Column -> tags that may hold it, the plain one first.
_COLUMN_TAGS: Mapping[str, tuple[str, ...]] = {
    "street": ("addr:street", "contact:street", "addr:place"),
    "housenumber": ("addr:housenumber", "contact:housenumber"),
    "city": ("addr:city", "contact:city"),
    "postcode": ("addr:postcode", "contact:postcode"),
    "country": ("addr:country", "contact:country"),
    "phone": ("phone", "contact:phone", "contact:mobile", "mobile"),
    "website": ("website", "contact:website", "url"),
    "email": ("email", "contact:email"),
    "opening_hours": ("opening_hours", "contact:opening_hours"),
    "brand": ("brand",),
}


def category_of(tags: Mapping[str, str]) -> str | None:
    """The tag that says what kind of business this is, or None when it is none.

    Of several values in one tag (``nightclub;restaurant``) the first counts.
    """
    for key in BUSINESS_KEYS:
        value = tags.get(key, "").split(";")[0].strip()
        if value and is_business(key, value):
            return f"{key}={value}"
    return None


def is_business(key: str, value: str) -> bool:
    """Whether a tag means a commercial place, as opposed to a school, a church, an office of the state."""
    if key not in BUSINESS_KEYS or value.casefold() in _EMPTY:
        return False
    if key in _SELECTIVE_KEYS:
        return is_category(f"{key}={value}")
    return key != "office" or value not in _PUBLIC_OFFICES


def is_closed(place: Place, today: date) -> bool:
    """Whether the record itself says that the business is no longer there."""
    key, _, value = place.category.partition("=")
    tags = place.tags
    if (place.opening_hours or "").strip().casefold() in ("closed", "off"):
        return True
    if any(tags.get(flag, "no").casefold() != "no" for flag in _GONE_FLAGS):
        return True
    if any(tags.get(prefix + key) in (value, "yes") for prefix in _GONE_PREFIXES):
        return True
    end = ends_on(tags)
    return end is not None and end < today


def ends_on(tags: Mapping[str, str]) -> date | None:
    """The last day ``end_date`` means: of its year or month too; None when absent or not a date."""
    match = _DATE.fullmatch(tags.get("end_date", "").strip())
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    try:
        return date(year, month, int(match[3] or monthrange(year, month)[1]))
    except ValueError:
        return None


def place_from(
    ref: str, tags: Mapping[str, str], category: str, lat: float, lon: float, observed_on: date | None
) -> Place:
    """A named object as a place. Tags that filled a plain column, or are the category, are not repeated."""
    columns = {column: _first(tags, sources) for column, sources in _COLUMN_TAGS.items()}
    used = {"name", *(sources[0] for sources in _COLUMN_TAGS.values())}
    key, _, value = category.partition("=")
    if tags.get(key) == value:
        used.add(key)
    return Place(
        source=SOURCE,
        source_ref=ref,
        name=tags["name"],
        category=category,
        lat=lat,
        lon=lon,
        tags={name: text for name, text in tags.items() if name not in used},
        observed_on=observed_on,
        **columns,
    )


def _first(tags: Mapping[str, str], sources: tuple[str, ...]) -> str | None:
    return next((tags[source] for source in sources if tags.get(source)), None)
