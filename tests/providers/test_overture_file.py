"""Overture's GeoParquet files: what becomes of a row, which are no businesses, and what of a file is read at all."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import SourceError
from pipeline.imports.overture_file import FILES
from pipeline.imports.record import Record
from pipeline.place import Place
from tests.support.overture import places_file, row, source

DAY = date(2026, 8, 19)


def read(folder: Path, *rows: dict[str, Any], is_older: bool = False) -> list[Record]:
    return list(FILES.read([places_file(folder / "part.parquet", rows, is_older=is_older)], DAY))


def place(folder: Path, **changes: object) -> Place:
    (found,) = read(folder, row(1, **changes))
    assert found.place, found
    return found.place


def test_a_row_becomes_a_place(tmp_path: Path) -> None:
    changes: dict[str, object] = {
        "phones": ["+358 9 1234567", "+358 9 7654321"],
        "websites": ["https://smile.example/"],
        "emails": ["info@smile.example"],
        "socials": ["https://www.facebook.com/smile", "https://example.com/smile"],
        "brand": {"names": {"primary": "Smile"}, "wikidata": "Q1"},
        "addresses": [
            {"freeform": "Pier Street 5", "locality": "Town", "postcode": "00100", "region": "FI-18", "country": "FI"}
        ],
        "sources": [source("Foursquare", None), source()],
        "taxonomy": {"primary": "dentist", "hierarchy": None, "alternates": ["pharmacy", "park", "unheard_of"]},
    }  # fmt: skip
    (found,) = read(tmp_path, row(1, **changes))
    assert found == Record(
        position=1,
        odd=("socials: 'https://example.com/smile' is no network that is known",),
        place=Place(
            source="overture",
            source_ref=f"08f0{1:028x}",
            name="Smile 1",
            category="amenity=dentist",
            lat=60.001,
            lon=25.0,
            street="Pier Street 5",
            city="Town",
            postcode="00100",
            country="FI",
            phone="+358 9 1234567; +358 9 7654321",
            website="https://smile.example/",
            email="info@smile.example",
            brand="Smile",
            tags={
                "overture:category": "dentist",
                "amenity": "dentist;pharmacy",
                "addr:state": "18",
                "brand:wikidata": "Q1",
                "contact:facebook": "https://www.facebook.com/smile",
            },
            observed_on=DAY,
            licence="Apache-2.0 AND CDLA-Permissive-2.0",
            attribution="Overture Maps Foundation, overturemaps.org: © Foursquare Labs, Inc., Meta",
        ),
    )


def test_the_older_categories_are_read_as_well(tmp_path: Path) -> None:
    (found,) = read(tmp_path, row(1, category="pizza_restaurant"), is_older=True)
    assert found.place
    assert (found.place.category, found.place.tags["cuisine"]) == ("amenity=restaurant", "pizza")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"geometry": b"\x01\x06\x00\x00\x00"}, "geometry: not a point"),
        ({"geometry": None}, "geometry: not a point"),
        ({"geometry": struct.pack("<BI2d", 1, 1, 25.0, 99.0)}, "lat: "),
        ({"names": {"primary": "x" * 501}}, "name: "),
    ],
)
def test_junk_is_told_with_the_place_it_would_have_been(
    tmp_path: Path, changes: dict[str, object], problem: str
) -> None:
    (found,) = read(tmp_path, row(1, **changes))
    assert found.problem is not None
    assert found.problem.startswith(problem)
    assert (found.ref, found.is_lost) == (row(1)["id"], False)


def test_a_row_without_its_id_is_lost(tmp_path: Path) -> None:
    (found,) = read(tmp_path, row(1, id="  "))
    assert (found.problem is not None, found.ref, found.is_lost) == (True, None, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"category": "bus_station"}, "bus station"),
        ({"taxonomy": {"primary": "weir", "hierarchy": ["geographic_entities", "weir"]}}, "weir"),
        ({"taxonomy": None}, "without a category"),
        ({"category": "BAZ"}, "of a category that is not known, 'BAZ'"),
    ],
)
def test_what_is_no_business_is_told_apart(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    (found,) = read(tmp_path, row(1, **changes))
    assert (found.apart, found.place, found.problem) == (said, None, None)


def test_a_state_that_is_none_is_left_out_of_the_place(tmp_path: Path) -> None:
    closed, odd = read(
        tmp_path, row(1, operating_status="permanently_closed"), row(2, operating_status="blah")
    )
    assert closed.place
    assert odd.place
    assert closed.place.tags["operational_status"] == "permanently_closed"
    assert "operational_status" not in odd.place.tags
    assert odd.odd == ("operating_status: 'blah' is none",)


@pytest.mark.parametrize(
    ("sources", "licence", "credit"),
    [
        (None, "CDLA-Permissive-2.0", ""),
        ([source("AllThePlaces", "CC0-1.0")], "CC0-1.0", ": AllThePlaces"),
        ([source("msftPlaces", None)], "CDLA-Permissive-2.0", ": Microsoft"),
        ([source("New One", "Own-1.0")], "Own-1.0", ": New One"),
    ],
)
def test_a_row_has_the_licence_of_its_sources(
    tmp_path: Path, sources: object, licence: str, credit: str
) -> None:
    found = place(tmp_path, sources=sources)
    assert (found.licence, found.attribution) == (
        licence, f"Overture Maps Foundation, overturemaps.org{credit}",
    )  # fmt: skip


def test_row_groups_outside_a_box_are_never_read(tmp_path: Path) -> None:
    rows = [row(number, at=(60.0 + number / 10, 25.0)) for number in range(40)]
    path = places_file(tmp_path / "part.parquet", rows, group_rows=10)
    box = (61.05, 24.0, 61.55, 26.0)
    (part,) = FILES.parts([path], box)
    assert (part.number, part.start, part.rows) == (1, 0, 10)
    found = list(FILES.read([path], DAY, box))
    # Positions count the rows of the groups that are read.
    assert [each.position for each in found] == [2, 3, 4, 5, 6]
    assert [each.place.name for each in found if each.place] == [
        f"Smile {number}" for number in range(11, 16)
    ]
    assert [each.position for each in FILES.read([path], DAY, box, after=10)] == []
    south, west, north, east = FILES.extent([path]) or (0, 0, 0, 0)
    assert (south, north) == pytest.approx((60.0, 63.9), abs=1e-5)
    assert (west, east) == (25.0, 25.0)


def test_several_files_are_one_snapshot(tmp_path: Path) -> None:
    paths = [places_file(tmp_path / f"{name}.parquet", [row(number)]) for number, name in enumerate("ab")]
    assert [each.position for each in FILES.read(paths)] == [1, 2]
    assert FILES.count_rows(paths) == 2


def test_the_day_is_that_of_the_release_or_of_the_newest_change(tmp_path: Path) -> None:
    release = tmp_path / "2026-08-19.0"
    release.mkdir()
    path = places_file(release / "part.parquet", [row(1)])
    assert FILES.observed_on([path]) == DAY
    assert FILES.observed_on([path.rename(tmp_path / "part.parquet")]) == date(2026, 8, 1)


def test_another_file_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    pq.write_table(pa.table({"fsq_place_id": ["1"]}), path)
    with pytest.raises(SourceError, match="no file of Overture's places: it has no id and no geometry"):
        FILES.parts([path])
    pq.write_table(pa.table({name: ["{}"] for name in ("id", "geometry", "names", "categories")}), path)
    with pytest.raises(SourceError, match="has them as texts"):
        FILES.parts([path])
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(SourceError, match="cannot be read as Parquet"):
        FILES.parts([path])
