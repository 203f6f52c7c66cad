"""Points on the globe, distances between them, and the grid that makes nearby places quick to find."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Mean radius of the Earth, IUGG.
EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * math.pi / 180
# Around typed coordinates, when the person gives no radius of their own.
DEFAULT_POINT_RADIUS_KM = 5.0
# Squares of 0.01 degrees, about a kilometre: what places say of where they are is counted on them.
SQUARES_PER_DEGREE = 100
# Cells of 0.05 degrees are 5.6 km high: a city is a handful of rows, a row is one range of an index. Those of 0.005
# degrees are for what lies within some kilometres of where it is crowded; the database numbers them by ``fine_cell``.
CELL_DEGREES, FINE_DEGREES = 0.05, 0.005
# A point on a cell's edge may round into the neighbour: a decimetre.
_ROUNDING_DEGREES = 1e-6


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point in WGS 84 degrees."""

    lat: float
    lon: float

    @property
    def label(self) -> str:
        return f"{self.lat:g}, {self.lon:g}"


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance by the haversine formula."""
    half_lat = math.radians(lat_b - lat_a) / 2
    half_lon = math.radians(lon_b - lon_a) / 2
    chord = (
        math.sin(half_lat) ** 2
        + math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b)) * math.sin(half_lon) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def square_of(lat: float, lon: float) -> tuple[int, int]:
    """Row and column of the square a point lies in."""
    return math.floor(lat * SQUARES_PER_DEGREE), math.floor(lon * SQUARES_PER_DEGREE)


def square_number(square: tuple[int, int]) -> int:
    """One number for a square, counted as cells are; ``places`` of the database are compared by it."""
    row, column = square
    return (row + 90 * SQUARES_PER_DEGREE) * 360 * SQUARES_PER_DEGREE + column + 180 * SQUARES_PER_DEGREE


@dataclass(frozen=True, slots=True)
class Box:
    """A bounding box in degrees; ``west`` may be below -180 and ``east`` above 180 across the date line."""

    south: float
    west: float
    north: float
    east: float


def bounding_box(lat: float, lon: float, radius_km: float) -> Box:
    """The smallest box that holds every point within ``radius_km``."""
    reach = math.degrees(radius_km / EARTH_RADIUS_KM)
    south, north = max(-90.0, lat - reach), min(90.0, lat + reach)
    narrowing = math.sin(math.radians(min(reach, 90))) / max(math.cos(math.radians(lat)), 1e-9)
    wide = 180.0 if north == 90 or south == -90 or narrowing >= 1 else math.degrees(math.asin(narrowing))
    return Box(south, lon - wide, north, lon + wide)


def cell_of(lat: float, lon: float, degrees: float = CELL_DEGREES) -> int:
    """The number of the grid cell a point lies in, counted eastwards along rows from the South Pole."""
    rows, columns = round(180 / degrees), round(360 / degrees)
    row = min(rows - 1, int((lat + 90) / degrees))
    return row * columns + int((lon + 180) / degrees) % columns


def cell_ranges(
    lat: float, lon: float, radius_km: float, degrees: float = CELL_DEGREES
) -> tuple[tuple[int, int], ...]:
    """Ranges of cell numbers, both ends included, that cover the circle: one a row, two at the date line."""
    rows, columns = round(180 / degrees), round(360 / degrees)
    box = bounding_box(lat, lon, radius_km)
    first = math.floor((box.west + 180 - _ROUNDING_DEGREES) / degrees)
    last = math.floor((box.east + 180 + _ROUNDING_DEGREES) / degrees)
    bottom = max(0, math.floor((box.south + 90 - _ROUNDING_DEGREES) / degrees))
    top = min(rows - 1, math.floor((box.north + 90 + _ROUNDING_DEGREES) / degrees))
    return tuple(
        (row * columns + start, row * columns + end)
        for row in range(bottom, top + 1)
        for start, end in _columns(first, last, columns)
    )


def _columns(first: int, last: int, columns: int) -> tuple[tuple[int, int], ...]:
    if last - first + 1 >= columns:
        return ((0, columns - 1),)
    start, end = first % columns, last % columns
    return ((start, end),) if start <= end else ((0, end), (start, columns - 1))
