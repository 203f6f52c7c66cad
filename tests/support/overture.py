"""Files of Overture's places as a release has them, small ones."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_TEXTS = pa.list_(pa.string())
_SOURCE = {
    "property": pa.string(),
    "dataset": pa.string(),
    "license": pa.string(),
    "update_time": pa.string(),
}
_ADDRESS = dict.fromkeys(("freeform", "locality", "postcode", "region", "country"), pa.string())
_NAMES = {"primary": pa.string(), "common": pa.map_(pa.string(), pa.string())}


def _struct(fields: dict[str, pa.DataType]) -> pa.StructType:
    return pa.struct(list(fields.items()))


_TAXONOMY = {"taxonomy": _struct({"primary": pa.string(), "hierarchy": _TEXTS, "alternates": _TEXTS})}
_CATEGORIES = {"categories": _struct({"primary": pa.string(), "alternate": _TEXTS})}
_COLUMNS: dict[str, pa.DataType] = {
    "id": pa.string(),
    "geometry": pa.binary(),
    "bbox": _struct(dict.fromkeys(("xmin", "xmax", "ymin", "ymax"), pa.float32())),
    "names": _struct(_NAMES),
    "basic_category": pa.string(),
    "operating_status": pa.string(),
    "confidence": pa.float64(),
    **dict.fromkeys(("websites", "socials", "emails", "phones"), _TEXTS),
    "brand": _struct({"names": _struct(_NAMES), "wikidata": pa.string()}),
    "addresses": pa.list_(_struct(_ADDRESS)),
    "sources": pa.list_(_struct(_SOURCE)),
}


def row(number: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a row holds anything
    """A dentist ``number`` times 111 metres north of the centre of the tests' town."""
    lat, lon = changes.pop("at", (60.0 + number / 1000, 25.0))
    category = changes.pop("category", "dentist")
    return {
        "id": f"08f0{number:028x}",
        "geometry": struct.pack("<BI2d", 1, 1, lon, lat),
        "bbox": {"xmin": lon, "xmax": lon, "ymin": lat, "ymax": lat},
        "names": {"primary": f"Smile {number}"},
        "taxonomy": {"primary": category, "hierarchy": ["health_care", category], "alternates": None},
        "categories": {"primary": category, "alternate": None},
        "operating_status": "open",
        "confidence": 0.9,
        "addresses": [{"freeform": f"Pier Street {number}", "locality": "Town", "country": "FI"}],
        "sources": [source()],
        **changes,
    }


def source(dataset: str = "meta", licence: str | None = "CDLA-Permissive-2.0") -> dict[str, Any]:
    """A data set that a row is made of."""
    return {"property": "", "dataset": dataset, "license": licence, "update_time": "2026-08-01T08:00:00.000Z"}


def places_file(
    path: Path, rows: Sequence[dict[str, Any]], *, group_rows: int = 1000, is_older: bool = False
) -> Path:
    """The rows as a GeoParquet file, in row groups of so many; ``is_older``: with ``categories`` alone."""
    columns = {**_COLUMNS, **(_CATEGORIES if is_older else _TAXONOMY)}
    schema = pa.schema(list(columns.items()))
    table = pa.Table.from_pylist([{name: item.get(name) for name in columns} for item in rows], schema)
    pq.write_table(table, path, row_group_size=group_rows, compression="zstd")
    return path
