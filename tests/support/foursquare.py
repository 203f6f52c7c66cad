"""Files of Foursquare's open places as they are published, small ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_LISTS = ("fsq_category_ids", "fsq_category_labels", "unresolved_flags")
_TEXTS = (
    *("fsq_place_id", "name", "address", "locality", "region", "postcode", "country", "date_refreshed"),
    *("date_closed", "tel", "website", "email", "instagram", "twitter"),
)
_COLUMNS: dict[str, pa.DataType] = {
    **dict.fromkeys(_TEXTS, pa.string()),
    **dict.fromkeys(("latitude", "longitude"), pa.float64()),
    "facebook_id": pa.int64(),
    **dict.fromkeys(_LISTS, pa.list_(pa.string())),
}


def row(number: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a row holds anything
    """A dentist ``number`` times 111 metres north of the centre of the tests' town."""
    return {
        "fsq_place_id": f"4b0{number:021x}",
        "name": f"Smile {number}",
        "latitude": 60.0 + number / 1000,
        "longitude": 25.0,
        "address": f"Pier Street {number}",
        "locality": "Town",
        "country": "FI",
        "date_refreshed": "2026-08-01",
        "fsq_category_labels": ["Health and Medicine > Dentist"],
        **changes,
    }


def places_file(path: Path, rows: Sequence[dict[str, Any]], *, group_rows: int = 1000) -> Path:
    """The rows as a Parquet file, in row groups of so many."""
    given = [{name: item.get(name) for name in _COLUMNS} for item in rows]
    table = pa.Table.from_pylist(given, pa.schema(list(_COLUMNS.items())))
    pq.write_table(table, path, row_group_size=group_rows)
    return path
