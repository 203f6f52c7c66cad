"""Parts of a tile leave no ground out, and are small where the businesses are."""

from __future__ import annotations

import math
import random

import pytest

from pipeline.geo.location import KM_PER_DEGREE
from pipeline.geo.tiles import SMALLEST_KM, Tile, around, parts, reaches
from pipeline.place import Area

AREA = Area(label="Helsinki", lat=60.17, lon=24.94, radius_km=10)


def _sample(seed: int, number: int = 60) -> list[tuple[float, float]]:
    chance = random.Random(seed)  # noqa: S311 - a repeatable spread of points
    return [(60.17 + chance.gauss(0, 0.01), 24.94 + chance.gauss(0, 0.02)) for _ in range(number)]


def _size(tile: Tile) -> float:
    return (tile.north - tile.south) * (tile.east - tile.west)


def _is_in(tile: Tile, lat: float, lon: float) -> bool:
    return tile.south <= lat <= tile.north and tile.west <= lon <= tile.east


@pytest.mark.parametrize("number", [2, 4, 9, 24])
@pytest.mark.parametrize("sample", [[], [(60.17, 24.94)], [(60.17, 24.94)] * 60, _sample(1), _sample(2)])
def test_parts_cover_the_whole_tile_and_nothing_twice(number: int, sample: list[tuple[float, float]]) -> None:
    tile = around(AREA)
    smaller = parts(tile, number, sample)
    assert 2 <= len(smaller) <= number
    assert math.isclose(sum(map(_size, smaller)), _size(tile), rel_tol=1e-3)
    chance = random.Random(3)  # noqa: S311 - a repeatable spread of points
    for _ in range(200):
        lat, lon = chance.uniform(tile.south, tile.north), chance.uniform(tile.west, tile.east)
        assert any(_is_in(part, lat, lon) for part in smaller)


def test_each_part_holds_about_as_many_of_the_sample() -> None:
    sample = _sample(4)
    held = [sum(_is_in(part, *point) for point in sample) for part in parts(around(AREA), 6, sample)]
    assert min(held) >= 5
    assert max(held) <= 15


def test_no_part_is_too_small_to_help_and_a_block_is_not_cut() -> None:
    crowd = [(60.17, 24.94)] * 60
    for part in parts(around(AREA), 24, crowd):
        assert (part.north - part.south) * KM_PER_DEGREE >= SMALLEST_KM * 0.99
    assert parts(around(Area(label="A block", lat=60.17, lon=24.94, radius_km=0.1)), 4, crowd) == []


def test_the_same_answers_make_the_same_parts() -> None:
    sample = _sample(5)
    assert parts(around(AREA), 9, sample) == parts(around(AREA), 9, list(reversed(sample)))


def test_a_corner_outside_the_circle_is_not_searched() -> None:
    tile = around(AREA)
    corner = Tile(tile.north - 0.01, tile.east - 0.01, tile.north, tile.east)
    assert not reaches(corner, AREA)
    assert reaches(tile, AREA)
    assert reaches(Tile(60.1699, 24.9399, 60.1701, 24.9401), AREA)
