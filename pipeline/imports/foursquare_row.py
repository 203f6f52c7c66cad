"""One row of Foursquare's open places: what it says of a business, checked as a row of every file of places is.

Columns: https://docs.foursquare.com/data-products/docs/places-os-data-schema
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import Field, ValidationError

from pipeline.imports.parquet_file import Point, Raw
from pipeline.imports.places_row import Columns, checked, reason
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.foursquare import kind_of
from pipeline.words.kinds import MOST_KINDS, NO_BUSINESS, together_as

SOURCE = "foursquare"
LICENCE = "Apache-2.0"
CREDIT = "Foursquare OS Places, Copyright 2024 Foursquare Labs, Inc. All rights reserved."
"""The notice that has to be kept: https://docs.foursquare.com/data-products/docs/fsq-places-open-source"""
OWN_NAME = "foursquare:category"
POINT = ("latitude", "longitude")
_COLUMNS: Mapping[str, str] = {
    "id": "fsq_place_id",
    "name": "name",
    "street": "address",
    "city": "locality",
    "postcode": "postcode",
    "country": "country",
    "phone": "tel",
    "website": "website",
    "email": "email",
}
_PROFILES: Mapping[str, tuple[str, str]] = {
    "facebook_id": ("facebook", "https://www.facebook.com/"),
    "instagram": ("instagram", "https://www.instagram.com/"),
    "twitter": ("twitter", "https://twitter.com/"),
}
TEXTS = (*_COLUMNS.values(), *_PROFILES, "region", "date_closed")
_REPORTS: Mapping[str, str] = {
    "closed": "closed",
    "doesnt_exist": "does not exist",
    "duplicate": "a duplicate",
    "privatevenue": "a private place",
}
"""What users of Foursquare reported and nobody has looked into, in words that tell a doubt (closing_words)."""
_ID = re.compile(r"^[\w.:-]{8,100}$")


class _Row(Columns):
    ID = _ID

    id: Annotated[str, Field(pattern=_ID.pattern)]


def record(position: int, raw: Raw, point: Point | None, observed_on: date | None) -> Record:
    """A row as a record; ``point`` is its longitude and latitude."""
    if point is None:
        return _bad(position, raw, "latitude: it has no position")
    told = _kinds(tuple(filter(None, raw["fsq_category_labels"] or ())))
    if isinstance(told, str):
        return Record(position=position, apart=told)
    category, kinds = told
    said = {name: raw.get(column) for name, column in _COLUMNS.items()}
    needed = {"id": said["id"], "name": said["name"], "category": category, "lat": point[1], "lon": point[0]}
    tags = {**kinds, **_further(raw)}
    try:
        columns, odd = checked(
            _Row, {**{name: value for name, value in said.items() if value}, **needed, "tags": tags}
        )
    except ValidationError as error:
        return _bad(position, raw, reason(error))
    place = Place(
        source=SOURCE,
        source_ref=columns.pop("id"),
        observed_on=observed_on,
        licence=LICENCE,
        attribution=CREDIT,
        **columns,
    )
    return Record(position=position, place=place, odd=tuple(odd))


def _bad(position: int, raw: Raw, why: str) -> Record:
    ref = raw["fsq_place_id"] or None
    return Record(position=position, problem=why, ref=ref, is_lost=ref is None)


def _kinds(labels: tuple[str, ...]) -> tuple[str, dict[str, str]] | str:
    """The category of a row and the tags that say what else and which finer kind it is; or why it is no business."""
    if not labels:
        return "without a category"
    kinds = [_kind(label) for label in labels[:MOST_KINDS]]
    known = [kind for kind in kinds if kind and kind != NO_BUSINESS]
    leaf = labels[0].rpartition(">")[2].strip()
    if not known:
        return leaf.casefold() if NO_BUSINESS in kinds else f"of a category that is not known, {leaf[:60]!a}"
    main, *others = known
    own = labels[kinds.index(main)].rpartition(">")[2].strip()
    category, tags = together_as(main, others)
    return category, {**tags, OWN_NAME: own}


@lru_cache(maxsize=4096)
def _kind(label: str) -> str | None:
    return kind_of(label)


def _further(raw: Raw) -> dict[str, str]:
    """What goes into tags beside the kinds."""
    tags: dict[str, str] = {}
    if closed := raw.get("date_closed"):
        tags |= {"operational_status": "permanently_closed", "end_date": str(closed)}
    if region := raw.get("region"):
        tags["addr:state"] = region
    for column, (network, address) in _PROFILES.items():
        if account := str(raw.get(column) or "").strip().removeprefix("@"):
            tags[f"contact:{network}"] = account if "://" in account else f"{address}{account}"
    if reports := [text for flag, text in _REPORTS.items() if flag in (raw.get("unresolved_flags") or ())]:
        tags["note:foursquare"] = f"Reported to Foursquare, not looked into: {', '.join(reports)}"
    return tags
