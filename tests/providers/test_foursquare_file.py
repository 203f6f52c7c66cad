"""Foursquare's Parquet files: what becomes of a row, which are no businesses, and where they say they are."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import SourceError
from pipeline.imports.foursquare_file import FILES
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.closure import doubt, is_closed
from tests.support.foursquare import places_file, row

DAY = date(2026, 8, 19)
CREDIT = "Foursquare OS Places, Copyright 2024 Foursquare Labs, Inc. All rights reserved."


def read(folder: Path, *rows: dict[str, Any]) -> list[Record]:
    return list(FILES.read([places_file(folder / "part.parquet", rows)], DAY))


def place(folder: Path, **changes: object) -> Place:
    (found,) = read(folder, row(1, **changes))
    assert found.place, found
    return found.place


def test_a_row_becomes_a_place(tmp_path: Path) -> None:
    found = place(
        tmp_path,
        postcode="00100",
        region="Uusimaa",
        tel="+358 9 1234567",
        website="https://smile.example/",
        email="info@smile.example",
        facebook_id=1234567,
        instagram="smile",
        twitter="@smile",
        fsq_category_labels=["Health and Medicine > Dentist", "Retail > Pharmacy", "Landmarks and Outdoors > Park"],
    )  # fmt: skip
    assert found == Place(
        source="foursquare",
        source_ref=f"4b0{1:021x}",
        name="Smile 1",
        category="amenity=dentist",
        lat=60.001,
        lon=25.0,
        street="Pier Street 1",
        city="Town",
        postcode="00100",
        country="FI",
        phone="+358 9 1234567",
        website="https://smile.example/",
        email="info@smile.example",
        tags={
            "amenity": "dentist;pharmacy",
            "foursquare:category": "Dentist",
            "addr:state": "Uusimaa",
            "contact:facebook": "https://www.facebook.com/1234567",
            "contact:instagram": "https://www.instagram.com/smile",
            "contact:twitter": "https://twitter.com/smile",
        },
        observed_on=DAY,
        licence="Apache-2.0",
        attribution=CREDIT,
    )


def test_a_closed_place_is_closed_and_a_report_of_it_is_a_doubt(tmp_path: Path) -> None:
    assert is_closed(place(tmp_path, date_closed="2024-05-01"), DAY)
    reported = place(tmp_path, unresolved_flags=["closed", "unheard_of"])
    assert not is_closed(reported, DAY)
    assert doubt(reported) == "note:foursquare: “Reported to Foursquare, not looked into: closed”"
    assert doubt(place(tmp_path, unresolved_flags=["duplicate"])) is None


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (None, "without a category"),
        (["Landmarks and Outdoors > Park > Dog Park"], "dog park"),
        (["Unheard > Of"], "of a category that is not known, 'Of'"),
    ],
)
def test_what_is_no_business_is_told_apart(tmp_path: Path, labels: list[str] | None, said: str) -> None:
    (found,) = read(tmp_path, row(1, fsq_category_labels=labels))
    assert (found.apart, found.place, found.problem) == (said, None, None)


def test_a_business_is_one_whatever_stands_before_it(tmp_path: Path) -> None:
    found = place(
        tmp_path, fsq_category_labels=["Landmarks and Outdoors > Park", "Dining and Drinking > Bar"]
    )
    assert (found.category, found.tags["foursquare:category"]) == ("amenity=bar", "Bar")


@pytest.mark.parametrize(
    ("changes", "problem", "is_lost"),
    [
        ({"latitude": None}, "latitude: it has no position", False),
        ({"latitude": 99.0}, "lat: ", False),
        ({"fsq_place_id": None}, "id: ", True),
    ],
)
def test_junk_is_told_with_the_place_it_would_have_been(
    tmp_path: Path, changes: dict[str, object], problem: str, is_lost: bool
) -> None:
    (found,) = read(tmp_path, row(1, **changes))
    assert found.problem is not None
    assert found.problem.startswith(problem)
    assert found.is_lost == is_lost


def test_only_what_lies_in_a_box_is_read(tmp_path: Path) -> None:
    rows = [row(number, latitude=60.0 + number / 10) for number in range(40)]
    path = places_file(tmp_path / "part.parquet", rows, group_rows=10)
    box = (61.05, 24.0, 61.55, 26.0)
    assert [part.number for part in FILES.parts([path], box)] == [1]
    found = list(FILES.read([path], DAY, box))
    assert [each.place.name for each in found if each.place] == [f"Smile {n}" for n in range(11, 16)]
    assert FILES.extent([path]) == (60.0, 25.0, 63.9, 25.0)
    assert FILES.observed_on([path]) == date(2026, 8, 1)
    assert FILES.observed_on([tmp_path / "dt=2026-08-19" / "part.parquet"]) == DAY


def test_a_geometry_says_where_a_place_is_as_well(tmp_path: Path) -> None:
    at = [{"xmin": 25.0, "ymin": 60.0, "xmax": 25.0, "ymax": 60.0}]
    table = pa.table(
        {
            "fsq_place_id": ["4b0000000000000000000001"],
            "name": ["Smile"],
            "fsq_category_labels": [["Retail"]],
            "geometry": [struct.pack("<BI2d", 1, 1, 25.0, 60.0)],
            "bbox": pa.array(at),
        }
    )
    path = tmp_path / "part.parquet"
    pq.write_table(table, path)
    (found,) = FILES.read([path], DAY, (59.0, 24.0, 61.0, 26.0))
    assert found.place
    assert (found.place.point, found.place.category) == ((60.0, 25.0), "shop=yes")
    assert list(FILES.read([path], DAY, (61.0, 24.0, 62.0, 26.0))) == []


def test_another_file_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    pq.write_table(pa.table({"id": ["1"]}), path)
    with pytest.raises(
        SourceError, match="no file of Foursquare's places: it has no fsq_place_id and no name"
    ):
        FILES.parts([path])
    pq.write_table(
        pa.table({name: ["1"] for name in ("fsq_place_id", "name", "fsq_category_labels", "geometry")}), path
    )
    with pytest.raises(SourceError, match="has lists as texts"):
        FILES.parts([path])
