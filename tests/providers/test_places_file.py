"""Reading JSON lines of places, good and bad."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.imports import places_file
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.osm_tags import CREDIT

_ROW = {"osm_id": "node/1", "name": "Cup", "category": "amenity=cafe", "lat": 60.1, "lon": 24.9}


def _line(**changes: object) -> str:
    return json.dumps({**_ROW, **changes})


def _file(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "places.jsonl.gz"
    path.write_bytes(
        gzip.compress(b"\n".join(x.encode() if isinstance(x, str) else x for x in lines) + b"\n")
    )
    return path


def _problem(folder: Path, line: str | bytes) -> str | None:
    first, second = places_file.read(_file(folder, _line(), line))
    assert first.place is not None
    assert second.position == 2
    return second.problem


def test_a_row_becomes_a_place(tmp_path: Path) -> None:
    line = _line(city="Helsinki", phone="", cuisine="coffee", wheelchair=None, tags={"level": "1"}, rank=7)
    (record,) = places_file.read(_file(tmp_path, line), date(2024, 1, 2))
    assert record == Record(
        position=1,
        place=Place(
            source="openstreetmap",
            source_ref="node/1",
            name="Cup",
            category="amenity=cafe",
            lat=60.1,
            lon=24.9,
            city="Helsinki",
            tags={"level": "1", "cuisine": "coffee"},
            observed_on=date(2024, 1, 2),
            licence="ODbL-1.0",
            attribution=CREDIT,
        ),
    )


def test_plain_text_empty_lines_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "places.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + f"{_line()}\r\n\r\n{_line(osm_id='node/2')}".encode())
    assert [(record.position, record.problem) for record in places_file.read(path)] == [(1, None), (3, None)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"osm_id": None}, "osm_id"),
        ({"osm_id": "node/1; drop"}, "osm_id"),
        ({"name": "x" * 501}, "name"),
        ({"name": "Cup\x00"}, "name"),
        ({"name": ["Cup"]}, "name"),
        ({"category": "cafe"}, "category"),
        ({"category": "amenity=school"}, "amenity=school is no kind of business"),
        ({"category": "highway=bus_stop"}, "highway=bus_stop is no kind of business"),
        ({"lat": 91}, "lat"),
        ({"lat": None}, "lat"),
        ({"lon": "east"}, "lon"),
        ({"lat": float("nan")}, "lat"),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    assert said in (_problem(tmp_path, _line(**changes)) or "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"website": "x" * 2001}, "website"),
        ({"phone": {"work": "09"}}, "phone"),
        ({"city": "Town\x00"}, "city"),
        ({"tags": {"note": "\x00"}}, "tags.'note'"),
        ({"tags": {"note": {"a": 1}}}, "tags.'note'"),
        ({"tags": []}, "tags"),
    ],
)
def test_a_value_that_cannot_be_read_costs_itself_alone(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    (record,) = places_file.read(_file(tmp_path, _line(email="cup@example.com", **changes)))
    assert record.place
    assert record.place.email == "cup@example.com"
    assert [why.startswith(said) for why in record.odd] == [True]


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        ({"phone": 35891234567}, {"phone": "35891234567"}),
        ({"phone": 35891234567.0}, {"phone": "35891234567"}),
        ({"phone": ["+358 9 1", 2]}, {"phone": "+358 9 1; 2"}),
        ({"postcode": 170}, {"postcode": "170"}),
        ({"lat": "60.1"}, {"lat": 60.1}),
        ({"name": 1925}, {"name": "1925"}),
        ({"tags": None}, {"tags": {}}),
        (
            {"tags": {"wheelchair": None, "level": 1, "takeaway": True}},
            {"tags": {"level": "1", "takeaway": "yes"}},
        ),
    ],
)
def test_values_of_another_type_are_read_as_text(
    tmp_path: Path, changes: dict[str, object], read: dict[str, object]
) -> None:
    (record,) = places_file.read(_file(tmp_path, _line(**changes)))
    assert record.odd == ()
    assert {name: getattr(record.place, name) for name in read} == read


def test_a_row_that_is_no_place_says_which_it_would_have_been(tmp_path: Path) -> None:
    records = list(places_file.read(_file(tmp_path, _line(lat=99), "{", _line(category="amenity=school"))))
    assert [(record.ref, record.is_lost) for record in records] == [
        ("node/1", False),
        (None, True),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"type": "FeatureCollection",\n"features": []}', "is GeoJSON"),
        ('{\n"version": 0.6,\n"elements": []}', "is an answer of Overpass in JSON.*import-osm"),
        ('<?xml version="1.0"?><osm/>', "import-osm"),
        ("name;city\nCup;Town", "one JSON object a line"),
    ],
)
def test_other_kinds_of_files_are_named_with_what_to_do(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(content)
    with pytest.raises(SourceError, match=said):
        list(places_file.read(path))


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1, 2]",
        "{",
        '{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        '{"tags": ' + '{"a":' * 5000,
        '{"lat": 1e999, "osm_id": "node/1", "name": "Cup", "category": "amenity=cafe", "lon": 1}',
    ],
)
def test_a_line_that_is_no_row_is_listed_and_the_next_is_read(tmp_path: Path, line: str | bytes) -> None:
    records = list(places_file.read(_file(tmp_path, _line(), line, _line(osm_id="node/2"))))
    assert [bool(record.problem) for record in records] == [False, True, False]


def test_an_endless_line_is_skipped_without_being_kept(tmp_path: Path) -> None:
    long = _line(name="x" * (3 * places_file.MAX_LINE_BYTES))
    records = list(places_file.read(_file(tmp_path, _line(), long, _line(osm_id="node/2"))))
    assert [record.problem for record in records] == [None, "longer than a million bytes", None]


def test_a_file_that_swells_beyond_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb") as out:
        out.write(_line().encode() + b"\n")
        for _ in range(200):
            out.write(b" " * 1_000_000)
    with pytest.raises(SourceError, match="unpacks to far more"):
        list(places_file.read(path))


def test_what_comes_before_a_cut_is_read(tmp_path: Path) -> None:
    lines = [_line(osm_id=f"node/{number}", name=f"Cup {number * 7919}") for number in range(2000)]
    path = _file(tmp_path, *lines)
    path.write_bytes(path.read_bytes()[:-2000])
    read: list[Record] = []
    with pytest.raises(SourceError, match="damaged or cut short"):
        read.extend(places_file.read(path))
    assert 1000 < len(read) < 2000
    assert all(record.place for record in read)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b"osm_id,name\n1,Cup\n", b"PK\x03\x04zip"])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "places.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="is not a JSON-lines file of places"):
        list(places_file.read(path))


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "places.jsonl"
    path.write_bytes(b"")
    assert list(places_file.read(path)) == []
