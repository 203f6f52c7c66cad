"""The output of AllThePlaces: what becomes of a feature, and what of a zip is read when some of it is broken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.imports import alltheplaces_file
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.closure import is_closed
from tests.support.alltheplaces import collection, feature, run_of

DAY = date(2026, 8, 19)


def read(folder: Path, *features: object) -> list[Record]:
    path = folder / "crumb_fi.geojson"
    path.write_text(collection(*features))
    return list(alltheplaces_file.read([path], DAY))


def test_a_feature_becomes_a_place(tmp_path: Path) -> None:
    given = feature(
        1,
        phone="+358 9 1234567",
        website="https://crumb.example/town",
        email="town@crumb.example",
        opening_hours="Mo-Fr 07:00-18:00",
        nsi_id="crumb-1",
        **{
            "@source_uri": "https://crumb.example/api",
            "addr:street_address": "Pier Street 1",
            "addr:postcode": "00100",
            "brand:wikidata": "Q1",
        },
    )
    assert read(tmp_path, given) == [
        Record(
            position=1,
            place=Place(
                source="alltheplaces",
                source_ref="crumb_fi/1",
                name="Crumb 1",
                category="shop=bakery",
                lat=60.001,
                lon=25.0,
                street="Pier Street 1",
                city="Town",
                postcode="00100",
                country="FI",
                phone="+358 9 1234567",
                website="https://crumb.example/town",
                email="town@crumb.example",
                opening_hours="Mo-Fr 07:00-18:00",
                brand="Crumb",
                tags={"nsi_id": "crumb-1", "brand:wikidata": "Q1"},
                observed_on=DAY,
                licence="CC0-1.0",
                attribution="All the Places, alltheplaces.xyz",
            ),
        )
    ]


def test_a_place_without_a_name_is_called_as_its_chain_is(tmp_path: Path) -> None:
    (found,) = read(tmp_path, feature(1, name=None, end_date="yes", ref="https://crumb.example/1?a=b"))
    assert found.place
    assert found.place.name == "Crumb"
    assert is_closed(found.place, DAY)
    # A long or odd ref is told by a digest.
    assert found.place.source_ref.startswith("crumb_fi/")
    assert "?" not in found.place.source_ref


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (feature(1, shop=None), Record(position=1, apart="without a category")),
        (feature(1, shop=None, amenity="atm"), Record(position=1, apart="amenity=atm")),
        (
            feature(1, coordinates=None),
            Record(position=1, problem="crumb_fi: geometry: not a point", ref="crumb_fi/1"),
        ),
        (
            feature(1, coordinates=[25.0, 99.0]),
            Record(
                position=1,
                problem="crumb_fi: lat: Input should be less than or equal to 90",
                ref="crumb_fi/1",
            ),
        ),
        (feature(1, ref=None), Record(position=1, problem="crumb_fi: ref: there is none", is_lost=True)),
        ("junk", Record(position=1, problem="crumb_fi: no feature with properties", is_lost=True)),
    ],
)
def test_what_is_no_place_is_told(tmp_path: Path, given: object, said: Record) -> None:
    assert read(tmp_path, given) == [said]


def test_a_broken_file_in_a_zip_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    whole = collection(*(feature(number) for number in range(3)))
    files = {
        "a_cut.geojson": whole[: whole.index("Crumb 2")],
        "b_empty.geojson": "",
        "c_page.geojson": "<html>",
        "d_whole.geojson": json.dumps(json.loads(whole), indent=2),
        "e_none.geojson": collection(),
        "log.txt": "nothing",
    }
    path = run_of(tmp_path / "output.zip", files)
    found = list(alltheplaces_file.read([path], DAY))
    assert [each.position for each in found] == list(range(1, 9))
    assert [each.problem for each in found if each.problem] == [
        "a_cut: the file was cut off",
        "b_empty: the file is empty",
        "c_page: the file is no collection of features",
    ]
    assert sum(each.is_lost for each in found) == 3
    assert [each.place.name for each in found if each.place] == [
        "Crumb 0", "Crumb 1", "Crumb 0", "Crumb 1", "Crumb 2",
    ]  # fmt: skip
    assert alltheplaces_file.observed_on([path]) == DAY
    assert alltheplaces_file.count([path]) == 6
    assert [each.position for each in alltheplaces_file.read([path], DAY, after=6)] == [7, 8]


def test_a_file_whose_bytes_are_damaged_is_named(tmp_path: Path) -> None:
    path = run_of(
        tmp_path / "output.zip", {"a.geojson": collection(feature(1)), "b.geojson": collection(feature(2))}
    )
    packed = bytearray(path.read_bytes())
    packed[60:90] = bytes(30)
    path.write_bytes(packed)
    broken, whole = alltheplaces_file.read([path])
    assert broken.problem
    assert broken.problem.startswith("a: the file is damaged")
    assert whole.place


def test_features_longer_than_what_is_read_at_once_are_whole(tmp_path: Path) -> None:
    found = read(tmp_path, *(feature(number, description="ä" * 1999) for number in range(300)))
    assert [each.place.source_ref for each in found if each.place] == [f"crumb_fi/{n}" for n in range(300)]
    (endless,) = read(tmp_path, feature(1, description="x" * 1_500_000))
    assert endless.problem == "crumb_fi: the file has a feature too long to be one"


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "it.geojson"
    path.write_text("hello")
    with pytest.raises(SourceError, match="neither a zip nor a GeoJSON file"):
        list(alltheplaces_file.read([path]))
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(SourceError, match="no whole zip"):
        list(alltheplaces_file.read([path]))
    with pytest.raises(SourceError, match="holds no file of AllThePlaces"):
        list(alltheplaces_file.read([run_of(tmp_path / "it.zip", {"log.txt": "nothing"})]))
