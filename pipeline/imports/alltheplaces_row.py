"""One feature of AllThePlaces: the tags of OpenStreetMap that a spider read from a chain's own website.

Properties: https://github.com/alltheplaces/alltheplaces/blob/master/DATA_FORMAT.md
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Annotated, Any

from pydantic import Field, ValidationError

from pipeline.imports.places_row import Columns, checked, reason
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.categories import BUSINESS_KEYS
from pipeline.words.osm_tags import category_of, place_from

SOURCE = "alltheplaces"
LICENCE = "CC0-1.0"
CREDIT = "All the Places, alltheplaces.xyz"
_REF = re.compile(r"[\w.:/-]{1,100}")
_LONGEST_SPIDER = 80


class _Row(Columns):
    ID = re.compile(".+", re.DOTALL)

    id: Annotated[str, Field(min_length=1)]


def record(position: int, feature: object, spider: str, observed_on: date | None) -> Record:
    """A feature of a spider's file as a record."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(properties, dict):
        return Record(position=position, problem=f"{spider}: no feature with properties", is_lost=True)
    ref = ref_of(properties, spider)
    tags = _tags(properties)
    category = category_of(tags)
    point = _point(feature.get("geometry"))
    if category is None:
        return Record(position=position, apart=_what(tags))
    if point is None or ref is None:
        why = "ref: there is none" if ref is None else "geometry: not a point"
        return Record(position=position, problem=f"{spider}: {why}", ref=ref, is_lost=ref is None)
    plain = place_from(ref, tags, category, point[1], point[0], observed_on)
    said = {name: getattr(plain, name) for name in Columns.model_fields}
    try:
        columns, odd = checked(_Row, {**said, "id": ref})
    except ValidationError as error:
        return Record(position=position, problem=f"{spider}: {reason(error)}", ref=ref)
    place = Place(
        source=SOURCE,
        source_ref=columns.pop("id"),
        observed_on=observed_on,
        licence=LICENCE,
        attribution=CREDIT,
        **columns,
    )
    return Record(position=position, place=place, odd=tuple(f"{spider}: {each}" for each in odd))


def ref_of(properties: dict[str, Any], spider: str) -> str | None:
    """What tells a place from the others of all spiders: its own ``ref``, or a digest where that is long or odd."""
    ref = str(properties.get("ref") or "").strip()
    if not ref:
        return None
    short = ref if _REF.fullmatch(ref) else hashlib.sha256(ref.encode()).hexdigest()[:32]
    return f"{properties.get('@spider') or spider}"[:_LONGEST_SPIDER] + f"/{short}"


def _tags(properties: dict[str, Any]) -> dict[str, str]:
    """The properties that are tags; a chain's place without a name is called as the chain is."""
    tags = {
        key: value if isinstance(value, str) else str(value)
        for key, value in properties.items()
        if isinstance(value, str | int | float) and value != "" and not key.startswith("@") and key != "ref"
    }
    tags.setdefault("name", tags.get("brand", ""))
    if street := tags.pop("addr:street_address", None):
        tags.setdefault("addr:street", street)
    if tags.get("end_date") == "yes":
        # It closed, and nobody knows when.
        tags["operational_status"] = "closed"
    return tags


def _point(geometry: object) -> tuple[float, float] | None:
    """Longitude and latitude."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    match geometry.get("coordinates"):
        case [int() | float() as lon, int() | float() as lat, *_]:
            return float(lon), float(lat)
    return None


def _what(tags: dict[str, str]) -> str:
    """What that is no business is, for counting."""
    named = (f"{key}={tags[key]}" for key in BUSINESS_KEYS if tags.get(key))
    return next(named, "without a category")[:60]
