"""Output of AllThePlaces, small ones."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def feature(number: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a property holds anything
    """A bakery of a chain ``number`` times 111 metres north of the centre of the tests' town."""
    at = changes.pop("coordinates", [25.0, 60.0 + number / 1000])
    properties = {
        "ref": str(number),
        "@spider": "crumb_fi",
        "shop": "bakery",
        "name": f"Crumb {number}",
        "brand": "Crumb",
        "addr:city": "Town",
        "addr:country": "FI",
        **changes,
    }
    return {
        "type": "Feature",
        "id": f"x{number}",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": at} if at else None,
    }


def collection(*features: Any) -> str:  # noqa: ANN401 - a feature may be anything
    """A spider's file as the project writes it: a feature a line."""
    said = '{"spider:collection_time":"2026-08-15T01:02:03"}'
    head = f'{{"type":"FeatureCollection","dataset_attributes":{said},"features":['
    return head + "\n" + ",\n".join(map(json.dumps, features)) + "\n]}\n"


def run_of(path: Path, files: Mapping[str, str]) -> Path:
    """The zip of a run, of the 19th of August 2026."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"output/{name}", (2026, 8, 19, 3, 0, 0)), text)
    return path
