"""The places that come with ProspectPro are whole and say where they come from."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import date

import pytest

import settings
from pipeline.imports import places_file
from pipeline.words.closure import is_closed

_DATA = settings.PROJECT_ROOT / "data"
_FILES = [
    ("helsinki-core.jsonl.gz", 1248, "f34f5574599da65e5174c6525bae05b51755f384e99ec948b0a1dd29068a8707"),
    ("helsinki-localities.jsonl.gz", 7, "e16f17f53031658d3186843c7f902720ec8027f2dcebe77501dd35d36a769278"),
]
_COLUMNS = (
    "osm_id name category lat lon street housenumber city postcode country phone website email opening_hours"
    " brand wheelchair cuisine tags"
)


@pytest.mark.parametrize(("name", "count", "sha256"), _FILES)
def test_a_shipped_file_is_what_the_script_made(name: str, count: int, sha256: str) -> None:
    content = (_DATA / name).read_bytes()
    rows = [json.loads(line) for line in gzip.decompress(content).splitlines()]
    assert len(rows) == count
    assert len({row["osm_id"] for row in rows}) == count
    assert {tuple(row) for row in rows} == {tuple(_COLUMNS.split())}
    assert hashlib.sha256(content).hexdigest() == sha256


@pytest.mark.parametrize("name", [name for name, _, _ in _FILES])
def test_every_shipped_row_can_be_imported(name: str) -> None:
    for record in places_file.read(_DATA / name):
        assert record.place, record.problem
        assert record.place.name
        assert not is_closed(record.place, date(2019, 4, 21))


def test_the_licence_is_stated_where_the_data_is() -> None:
    text = (_DATA / "PROVENANCE.md").read_text()
    for needed in ("© OpenStreetMap contributors", "ODbL", "1248", "2019-04-21", "data.build_helsinki"):
        assert needed in text
