"""The files of Foursquare's open places: Parquet with a latitude and longitude, or GeoParquet with a geometry."""

from __future__ import annotations

import re

import pyarrow as pa

from pipeline.imports.foursquare_row import POINT, TEXTS, record
from pipeline.imports.parquet_file import Layout, Point, Raw, lacking, point_of

_NEEDED = ("fsq_place_id", "name", "fsq_category_labels")
_LISTS = ("fsq_category_labels", "unresolved_flags")


def _check(schema: pa.Schema) -> str:
    has_point = "geometry" in schema.names or set(POINT) <= set(schema.names)
    lacks = lacking(schema, _NEEDED) or ("" if has_point else "latitude and longitude")
    if lacks:
        return f"is no file of Foursquare's places: it has no {lacks}"
    told = (name for name in _LISTS if name in schema.names)
    if not all(pa.types.is_list(schema.field(name).type) for name in told):
        return "is no file of Foursquare's places as they are published: it has lists as texts"
    return ""


def _point(raw: Raw) -> Point | None:
    lat, lon = (raw.get(name) for name in POINT)
    return point_of(raw.get("geometry")) if lat is None or lon is None else (float(lon), float(lat))


FILES = Layout(
    wanted=frozenset(
        {*TEXTS, *_LISTS, *POINT, *("geometry", "bbox.xmin", "bbox.xmax", "bbox.ymin", "bbox.ymax")}
    ),
    check=_check,
    sides=(
        ("latitude", "longitude", "latitude", "longitude"),
        ("bbox.ymin", "bbox.xmin", "bbox.ymax", "bbox.xmax"),
    ),
    point=_point,
    record=record,
    release=re.compile(r"\bdt=(20\d\d-\d\d-\d\d)\b"),
    updated="date_refreshed",
)
