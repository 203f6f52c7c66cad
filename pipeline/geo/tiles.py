"""Rectangles over an area, and their parts: how an area is searched that holds more than one query may return."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.geo.location import KM_PER_DEGREE, bounding_box, distance_km
from pipeline.place import Area

SMALLEST_KM = 0.25
"""No tile is cut smaller: a block with more than sixty businesses of one type is a single building."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle in WGS 84 degrees, rounded to a decimetre so that it is the same in every attempt."""

    south: float
    west: float
    north: float
    east: float


def around(area: Area) -> Tile:
    """The rectangle around an area's circle; cut at the date line and at the poles."""
    box = bounding_box(area.lat, area.lon, area.radius_km)
    return _tile(box.south, max(box.west, -180.0), box.north, min(box.east, 180.0))


def parts(tile: Tile, number: int, sample: Sequence[tuple[float, float]]) -> list[Tile]:
    """About ``number`` parts that cover a tile and hold about as many of the sample each.

    The sample (latitude, longitude) is what a query returned of the tile: where it is dense, the parts are small.
    Fewer parts come back where they would be too small to help, and none where the tile cannot be cut at all.
    """
    cut = _cut(tile, number, sorted(sample))
    return [] if cut == [tile] else cut


def reaches(tile: Tile, area: Area) -> bool:
    """Whether a tile has any ground in common with an area's circle."""
    lat = min(max(area.lat, tile.south), tile.north)
    lon = min(max(area.lon, tile.west), tile.east)
    return distance_km(area.lat, area.lon, lat, lon) <= area.radius_km


def _cut(tile: Tile, number: int, sample: Sequence[tuple[float, float]]) -> list[Tile]:
    if number < 2:
        return [tile]
    height = (tile.north - tile.south) * KM_PER_DEGREE
    width = (tile.east - tile.west) * KM_PER_DEGREE * math.cos(math.radians((tile.south + tile.north) / 2))
    if max(height, width) / 2 < SMALLEST_KM:
        return [tile]
    few = number // 2
    if height >= width:
        lat = _between(tile.south, tile.north, height, sorted(lat for lat, _ in sample), few / number)
        halves = _tile(tile.south, tile.west, lat, tile.east), _tile(lat, tile.west, tile.north, tile.east)
    else:
        lon = _between(tile.west, tile.east, width, sorted(lon for _, lon in sample), few / number)
        halves = _tile(tile.south, tile.west, tile.north, lon), _tile(tile.south, lon, tile.north, tile.east)
    first, second = halves
    return [
        *_cut(first, few, [point for point in sample if _holds(first, point)]),
        *_cut(second, number - few, [point for point in sample if not _holds(first, point)]),
    ]


def _between(low: float, high: float, km: float, values: Sequence[float], share: float) -> float:
    """Where a side is cut so that this share of the values lies below, at least ``SMALLEST_KM`` from its ends."""
    if not values:
        return low + (high - low) * share
    index = min(max(1, round(len(values) * share)), len(values) - 1) if len(values) > 1 else 0
    cut = (values[index - 1] + values[index]) / 2 if index else values[0]
    margin = (high - low) * SMALLEST_KM / km
    return min(max(cut, low + margin), high - margin)


def _holds(tile: Tile, point: tuple[float, float]) -> bool:
    return point[0] <= tile.north and point[1] <= tile.east


def _tile(south: float, west: float, north: float, east: float) -> Tile:
    return Tile(round(south, 6), round(west, 6), round(north, 6), round(east, 6))
