"""Typed locations, distances and grid cells."""

from __future__ import annotations

import random

import pytest

from pipeline.errors import SpecError
from pipeline.geo.countries import country_code, country_name, country_names
from pipeline.geo.location import (
    CELL_DEGREES,
    FINE_DEGREES,
    Coordinates,
    bounding_box,
    cell_of,
    cell_ranges,
    distance_km,
)
from pipeline.geo.typed import TypedName, parse_location


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("60.17, 24.94", (60.17, 24.94)),
        ("60.17 24.94", (60.17, 24.94)),
        ("-33.9;151.2", (-33.9, 151.2)),
        ("0,0", (0, 0)),
        ("90, -180", (90, -180)),
        ("60,17 24,94", (60.17, 24.94)),
        ("60,17; 24,94", (60.17, 24.94)),
        ("60.17° N, 24.94° E", (60.17, 24.94)),
        ("33.9 S 151.2 W", (-33.9, -151.2)),
        ("33°30′36″S 151°12′E", (-33.51, 151.2)),
        ("geo:60.17,24.94", (60.17, 24.94)),
        ("lat: 60.17, lon: 24.94", (60.17, 24.94)),
    ],
)
def test_coordinates_are_read(typed: str, point: tuple[float, float]) -> None:
    assert parse_location(typed) == Coordinates(*point)


@pytest.mark.parametrize(
    "typed", ["91,181", "95, 200", "NaN,NaN", "inf, 3", "60, -180.5", "1e309, 0", "95° N, 20° E"]
)
def test_coordinates_off_the_globe_are_refused(typed: str) -> None:
    with pytest.raises(SpecError, match="latitude goes from -90 to 90"):
        parse_location(typed)


@pytest.mark.parametrize("typed", ["", " , ", "☕", "—"])
def test_text_without_a_name_is_refused(typed: str) -> None:
    with pytest.raises(SpecError, match="Type a place"):
        parse_location(typed)


def test_a_name_is_compared_without_case_and_accents() -> None:
    typed = parse_location("MÜNCHEN, Deutschland")
    assert isinstance(typed, TypedName)
    assert [[span.text for span in names] for names in typed.readings(2)] == [
        ["munchen deutschland"],
        ["munchen", "deutschland"],
    ]
    assert "muenchen" in next(iter(list(typed.readings(2))[1])).keys


def test_a_country_may_follow_without_comma() -> None:
    typed = parse_location("Helsinki Finland")
    assert isinstance(typed, TypedName)
    assert ["helsinki", "finland"] in [[span.text for span in names] for names in typed.readings(2)]


def test_a_row_of_numbers_may_be_a_postcode() -> None:
    typed = parse_location("111 22")
    assert isinstance(typed, TypedName)
    assert typed.may_be_point
    assert "11122" in typed.whole.keys


@pytest.mark.parametrize(
    ("name", "code"),
    [("Finland", "FI"), ("suomi", "FI"), ("FI", "FI"), ("uk", "GB"), ("USA", "US"), ("Atlantis", None)],
)
def test_countries_are_known_by_many_names(name: str, code: str | None) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("code", "name"),
    [("FI", "Finland"), ("IM", "Isle of Man"), ("ST", "Sao Tome and Principe"), ("CI", "Côte d'Ivoire")],
)
def test_a_country_has_an_english_name(code: str, name: str) -> None:
    assert country_name(code) == name


def test_a_part_of_a_country_is_no_name_of_it() -> None:
    assert country_code("Scotland") == "GB"
    assert "Scotland".casefold() not in {name.casefold() for name in country_names("GB")}


def test_distance_between_helsinki_and_tallinn() -> None:
    assert distance_km(60.1699, 24.9384, 59.4370, 24.7536) == pytest.approx(82.2, abs=0.3)
    assert distance_km(10, 179.9, 10, -179.9) == pytest.approx(21.9, abs=0.1)


@pytest.mark.parametrize("degrees", [CELL_DEGREES, FINE_DEGREES])
@pytest.mark.parametrize("radius_km", [0.1, 3, 100])
@pytest.mark.parametrize("centre", [(60.17, 24.94), (0, 0), (-45, 179.99), (89.9, 10), (-89.99, -180)])
def test_every_point_in_the_circle_lies_in_its_cells_and_box(
    centre: tuple[float, float], radius_km: float, degrees: float
) -> None:
    ranges = cell_ranges(*centre, radius_km, degrees)
    box = bounding_box(*centre, radius_km)
    draw = random.Random(7)  # noqa: S311 - a sample, no secret
    inside = 0
    for _ in range(3000):
        lat = draw.uniform(box.south, box.north)
        lon = draw.uniform(box.west, box.east)
        lon = (lon + 180) % 360 - 180
        if distance_km(*centre, lat, lon) <= radius_km:
            inside += 1
            assert any(low <= cell_of(lat, lon, degrees) <= high for low, high in ranges)
    assert inside
