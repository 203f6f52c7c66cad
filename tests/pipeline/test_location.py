"""Typed locations, distances and grid cells."""

from __future__ import annotations

import random

import pytest

from pipeline.errors import SpecError
from pipeline.geo.countries import country_code, country_name
from pipeline.geo.location import (
    Coordinates,
    PlaceName,
    bounding_box,
    cell_of,
    cell_ranges,
    distance_km,
    parse_location,
    without_trailing_country,
)


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("60.17, 24.94", (60.17, 24.94)),
        ("60.17 24.94", (60.17, 24.94)),
        ("-33.9;151.2", (-33.9, 151.2)),
        ("0,0", (0, 0)),
        ("90, -180", (90, -180)),
    ],
)
def test_coordinates_are_read(typed: str, point: tuple[float, float]) -> None:
    assert parse_location(typed) == Coordinates(*point)


@pytest.mark.parametrize("typed", ["91,181", "NaN,NaN", "inf, 3", "60, -180.5", "1e309, 0"])
def test_coordinates_off_the_globe_are_refused(typed: str) -> None:
    with pytest.raises(SpecError, match="latitude goes from -90 to 90"):
        parse_location(typed)


@pytest.mark.parametrize("typed", ["", " , ", "☕", "—"])
def test_text_without_a_name_is_refused(typed: str) -> None:
    with pytest.raises(SpecError, match="Type a place"):
        parse_location(typed)


def test_a_name_is_compared_without_case_and_accents() -> None:
    assert parse_location("MÜNCHEN, Deutschland") == PlaceName(
        typed="MÜNCHEN, Deutschland", key="munchen", within=("deutschland",), country="DE"
    )


def test_a_country_may_follow_without_comma() -> None:
    place = parse_location("Helsinki Finland")
    assert isinstance(place, PlaceName)
    trimmed = without_trailing_country(place)
    assert trimmed is not None
    assert (trimmed.key, trimmed.country) == ("helsinki", "FI")


@pytest.mark.parametrize(
    ("name", "code"),
    [("Finland", "FI"), ("suomi", "FI"), ("FI", "FI"), ("uk", "GB"), ("USA", "US"), ("Atlantis", None)],
)
def test_countries_are_known_by_many_names(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_a_country_has_an_english_name() -> None:
    assert country_name("FI") == "Finland"


def test_distance_between_helsinki_and_tallinn() -> None:
    assert distance_km(60.1699, 24.9384, 59.4370, 24.7536) == pytest.approx(82.2, abs=0.3)
    assert distance_km(10, 179.9, 10, -179.9) == pytest.approx(21.9, abs=0.1)


@pytest.mark.parametrize("radius_km", [0.1, 3, 100])
@pytest.mark.parametrize("centre", [(60.17, 24.94), (0, 0), (-45, 179.99), (89.9, 10), (-89.99, -180)])
def test_every_point_in_the_circle_lies_in_its_cells_and_box(
    centre: tuple[float, float], radius_km: float
) -> None:
    ranges = cell_ranges(*centre, radius_km)
    box = bounding_box(*centre, radius_km)
    draw = random.Random(7)  # noqa: S311 - a sample, no secret
    inside = 0
    for _ in range(3000):
        lat = draw.uniform(box.south, box.north)
        lon = draw.uniform(box.west, box.east)
        lon = (lon + 180) % 360 - 180
        if distance_km(*centre, lat, lon) <= radius_km:
            inside += 1
            assert any(low <= cell_of(lat, lon) <= high for low, high in ranges)
    assert inside
