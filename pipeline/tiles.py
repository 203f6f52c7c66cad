"""Rectangles over an area, and their quarters: how an area is searched that holds more than one query may return."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.location import KM_PER_DEGREE, bounding_box
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


def quarters(tile: Tile) -> list[Tile]:
    """The four quarters of a tile, or none when they would be too small to help."""
    if (tile.north - tile.south) * KM_PER_DEGREE / 2 < SMALLEST_KM:
        return []
    lat, lon = (tile.south + tile.north) / 2, (tile.west + tile.east) / 2
    return [
        _tile(tile.south, tile.west, lat, lon),
        _tile(tile.south, lon, lat, tile.east),
        _tile(lat, tile.west, tile.north, lon),
        _tile(lat, lon, tile.north, tile.east),
    ]


def _tile(south: float, west: float, north: float, east: float) -> Tile:
    return Tile(round(south, 6), round(west, 6), round(north, 6), round(east, 6))
