"""What OpenStreetMap tags say about a business: its kind and its columns.

Tag meanings: https://wiki.openstreetmap.org/wiki/Map_features
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from pipeline.licences import ODBL
from pipeline.place import Place
from pipeline.words.categories import BUSINESS_KEYS, is_category

SOURCE = "openstreetmap"
CREDIT = "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright"
"""The credit OpenStreetMap asks for: https://www.openstreetmap.org/copyright"""
# ``place=*`` values that people name when they say where.
LOCALITY_KINDS = ("city", "town", "village", "borough", "suburb", "hamlet", "quarter", "neighbourhood")

# Under these keys most values are no business; only those listed as a category are.
_SELECTIVE_KEYS = frozenset({"amenity", "tourism", "leisure"})
_PUBLIC_OFFICES = frozenset(
    {"administrative", "diplomatic", "government", "political_party", "public", "quango", "religion"}
)
_EMPTY = frozenset({"abandoned", "closed", "disused", "empty", "no", "none", "vacant"})

# Tags beyond the main one that make a finer kind of business of it, and those of which each "yes" does.
_REFINING = frozenset(
    {
        *(
            "cuisine",
            "sport",
            "healthcare:speciality",
            "beauty",
            "hairdresser",
            "clothes",
            "massage",
            "museum",
        ),
        *(
            "microbrewery",
            "organic",
            "rental",
            "second_hand",
            "self_service",
            "street_vendor",
            "studio",
            "theme",
        ),
        *("trade", "social_facility", "zoo", "lgbtq"),
    }
)
_SERVICES = "service:"
_TELLING = _REFINING.union(BUSINESS_KEYS)

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
    """The tag that says first what kind of business this is, or None when it is none.

    Of several values in one tag (``nightclub;restaurant``) the first counts; ``kinds_of`` has the others.
    """
    for key in BUSINESS_KEYS:
        value = tags.get(key, "").split(";")[0].strip()
        if value and _is_kind(key, value, tags):
            return f"{key}={value}"
    return None


def kinds_of(category: str, tags: Mapping[str, str]) -> tuple[str, ...]:
    """Everything a place is, beginning with its category: ``shop=tyres;car_repair`` is both, and a restaurant with
    ``cuisine=pizza;pasta`` is also ``amenity=restaurant+cuisine=pizza`` and ``amenity=restaurant+cuisine=pasta``.

    ``tags`` may lack the category's own tag.
    """
    telling = tuple((key, tags[key]) for key in tags if key in _TELLING or key.startswith(_SERVICES))
    return _kinds_of(category, telling) if telling else (category,)


# Few of all the ways to be several things are used; a file has millions of places.
@lru_cache(maxsize=8192)
def _kinds_of(category: str, telling: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    mains, tags = {category: None}, dict(telling)
    finer = _finer(tags)
    for key in BUSINESS_KEYS:
        mains |= {f"{key}={value}": None for value in _values(tags.get(key)) if _is_kind(key, value, tags)}
    return (*mains, *(f"{main}+{tag}" for main in mains for tag in finer))


def is_refining(tag: str) -> bool:
    """Whether a tag beside the main one makes a finer kind of business of it."""
    key, _, value = tag.partition("=")
    return is_refining_key(key) and (value == "yes" or not key.startswith(_SERVICES))


def is_refining_key(key: str) -> bool:
    """Whether tags of a key may make a finer kind of business."""
    return key in _REFINING or key.startswith(_SERVICES)


def _is_kind(key: str, value: str, tags: Mapping[str, str]) -> bool:
    """Whether a tag means a business, by itself or with another one beside it."""
    return is_business(key, value) or any(is_category(f"{key}={value}+{tag}") for tag in _finer(tags))


def _finer(tags: Mapping[str, str]) -> list[str]:
    keys = sorted(key for key in tags if key in _REFINING or key.startswith(_SERVICES))
    found = (f"{key}={value}" for key in keys for value in _values(tags[key]))
    return [tag for tag in found if is_refining(tag)]


def _values(text: str | None) -> Iterator[str]:
    for value in (text or "").split(";"):
        if value.strip():
            yield value.strip()


def is_business(key: str, value: str) -> bool:
    """Whether a tag means a commercial place, as opposed to a school, a church, an office of the state."""
    if key not in BUSINESS_KEYS or value.casefold() in _EMPTY:
        return False
    if key in _SELECTIVE_KEYS:
        return is_category(f"{key}={value}")
    return key != "office" or value not in _PUBLIC_OFFICES


def place_from(
    ref: str, tags: Mapping[str, str], category: str, lat: float, lon: float, observed_on: date | None
) -> Place:
    """A named object as a place. Tags that filled a plain column, or are the category, are not repeated."""
    columns: dict[str, Any] = {column: _first(tags, sources) for column, sources in _COLUMN_TAGS.items()}
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
        licence=ODBL,
        attribution=CREDIT,
        **columns,
    )


def _first(tags: Mapping[str, str], sources: tuple[str, ...]) -> str | None:
    return next((tags[source] for source in sources if tags.get(source)), None)
