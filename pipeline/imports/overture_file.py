"""The GeoParquet files of Overture's places. Both schemas are read: that with ``taxonomy`` and the older one with
``categories``."""

from __future__ import annotations

import re

import pyarrow as pa

from pipeline.imports.overture_row import record
from pipeline.imports.parquet_file import Layout, lacking, point_of

_NEEDED = ("id", "geometry", "names")
_KINDS = ("taxonomy", "basic_category", "categories")
_STRUCTS = ("names", "taxonomy", "categories")
# What is read of a row, by paths of Parquet without the levels of lists; the rest is left in the file.
_WANTED = frozenset(
    {
        *("id", "geometry", "names.primary", "operating_status", "websites", "socials", "emails", "phones"),
        *("bbox.xmin", "bbox.xmax", "bbox.ymin", "bbox.ymax", "basic_category"),
        *("taxonomy.primary", "taxonomy.hierarchy", "taxonomy.alternates"),
        *("categories.primary", "categories.alternate", "brand.names.primary", "brand.wikidata"),
        *("addresses.freeform", "addresses.locality", "addresses.postcode", "addresses.region"),
        *("addresses.country", "sources.dataset", "sources.license"),
    }
)


def _check(schema: pa.Schema) -> str:
    lacks = lacking(schema, _NEEDED)
    if lacks or not set(_KINDS) & set(schema.names):
        return f"is no file of Overture's places: it has no {lacks or 'categories'}"
    told = (name for name in _STRUCTS if name in schema.names)
    if not all(pa.types.is_struct(schema.field(name).type) for name in told):
        return "is no file of Overture's places as they are published: it has them as texts"
    return ""


FILES = Layout(
    wanted=_WANTED,
    check=_check,
    sides=(("bbox.ymin", "bbox.xmin", "bbox.ymax", "bbox.xmax"),),
    point=lambda raw: point_of(raw["geometry"]),
    record=record,
    release=re.compile(r"\b(20\d\d-\d\d-\d\d)\.\d+\b"),
    updated="sources.update_time",
)
