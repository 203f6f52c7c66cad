"""Places for tests of the catalogue, and the catalogue filled with them."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

from pipeline.place import Area, PlaceQuery
from pipeline.words.understanding import match_types
from services import catalogue
from services.importing import Summary

CENTRE = Area(label="Town", lat=60.0, lon=25.0, radius_km=5, country="FI")


def row(number: int, **changes: object) -> dict[str, object]:
    """A café ``number`` times 111 metres north of the centre."""
    return {
        "osm_id": f"node/{number}",
        "name": f"Cup {number}",
        "category": "amenity=cafe",
        "lat": 60.0 + number / 1000,
        "lon": 25.0,
        "city": "Town",
        **changes,
    }


def places_file(folder: Path, *rows: dict[str, object]) -> Path:
    """The rows as a file to import."""
    path = folder / "places.jsonl.gz"
    text = "".join(json.dumps(item) + "\n" for item in rows)
    # Without the time of packing, so that the same rows make the same file.
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


def fill(folder: Path, *rows: dict[str, object], observed_on: date | None = None) -> Summary:
    """Import the rows under the name ``test``."""
    path = places_file(folder, *rows)
    return catalogue.import_places(
        catalogue.Order(path=path, name="test", country="FI", observed_on=observed_on or date(2024, 1, 1))
    )


def query(*typed: str, area: Area = CENTRE, limit: int = 5000, by_name: bool = False) -> PlaceQuery:
    """The question for typed business types in an area, or for their words in names."""
    return PlaceQuery(types=match_types(typed, typed if by_name else ()), area=area, limit=limit)
