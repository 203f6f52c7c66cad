"""Typed locations, distances on the globe, and the grid that makes nearby places quick to find."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from pipeline.errors import SpecError
from pipeline.geo.countries import country_code
from pipeline.words.text import folded

# Mean radius of the Earth, IUGG.
EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * math.pi / 180
# Around typed coordinates, when the person gives no radius of their own.
DEFAULT_POINT_RADIUS_KM = 5.0
# Cells of 0.05 degrees are 5.6 km high: a city is a handful of rows, a row is one range of an index.
CELL_DEGREES = 0.05
ROWS = round(180 / CELL_DEGREES)
COLUMNS = round(360 / CELL_DEGREES)

_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+")


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point in WGS 84 degrees."""

    lat: float
    lon: float

    @property
    def label(self) -> str:
        return f"{self.lat:g}, {self.lon:g}"


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A named place as typed, ready to compare: its key, and the keys of what it is said to lie in.

    ``country`` is the code of the country among those, when there is one.
    """

    typed: str
    key: str
    within: tuple[str, ...] = ()
    country: str | None = None


def parse_location(text: str) -> Coordinates | PlaceName:
    """Read a typed location; raises SpecError with what to change when it cannot be one."""
    pair = _as_pair(text)
    if pair is not None:
        return _checked(*pair)
    name, *qualifiers = [part.strip() for part in text.split(",") if folded(part)] or [""]
    if not folded(name):
        raise SpecError("Type a place, for example Helsinki, or coordinates such as 60.17, 24.94.")
    return _named(name, tuple(qualifiers))


def _named(name: str, qualifiers: tuple[str, ...]) -> PlaceName:
    codes = (country_code(qualifier) for qualifier in qualifiers)
    return PlaceName(
        typed=", ".join((name, *qualifiers)),
        key=folded(name),
        within=tuple(folded(qualifier) for qualifier in qualifiers),
        country=next((code for code in codes if code), None),
    )


def without_trailing_country(place: PlaceName) -> PlaceName | None:
    """``Helsinki Finland`` read as ``Helsinki, Finland``; None when no country ends the name."""
    words = place.key.split()
    for start in range(1, len(words)):
        if not place.within and country_code(" ".join(words[start:])):
            return _named(" ".join(words[:start]), (" ".join(words[start:]),))
    return None


def _as_pair(text: str) -> tuple[float, float] | None:
    parts = _SEPARATOR.split(text.strip())
    if len(parts) != 2:
        return None
    try:
        return float(parts[0]), float(parts[1])
    except ValueError:
        return None


def _checked(lat: float, lon: float) -> Coordinates:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise SpecError(
            "These coordinates are not on Earth: latitude goes from -90 to 90, longitude from -180 to 180."
        )
    return Coordinates(lat, lon)


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance by the haversine formula."""
    half_lat = math.radians(lat_b - lat_a) / 2
    half_lon = math.radians(lon_b - lon_a) / 2
    chord = (
        math.sin(half_lat) ** 2
        + math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b)) * math.sin(half_lon) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


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


def cell_of(lat: float, lon: float) -> int:
    """The number of the grid cell a point lies in, counted eastwards along rows from the South Pole."""
    row = min(ROWS - 1, int((lat + 90) / CELL_DEGREES))
    return row * COLUMNS + int((lon + 180) / CELL_DEGREES) % COLUMNS


def cell_ranges(lat: float, lon: float, radius_km: float) -> tuple[tuple[int, int], ...]:
    """Ranges of cell numbers, both ends included, that cover the circle: one a row, two at the date line."""
    box = bounding_box(lat, lon, radius_km)
    # One cell of slack on each side: a point on a cell's edge may round into the neighbour.
    first = math.floor((box.west + 180) / CELL_DEGREES) - 1
    last = math.floor((box.east + 180) / CELL_DEGREES) + 1
    bottom = max(0, math.floor((box.south + 90) / CELL_DEGREES) - 1)
    top = min(ROWS - 1, math.floor((box.north + 90) / CELL_DEGREES) + 1)
    return tuple(
        (row * COLUMNS + start, row * COLUMNS + end)
        for row in range(bottom, top + 1)
        for start, end in _columns(first, last)
    )


def _columns(first: int, last: int) -> tuple[tuple[int, int], ...]:
    if last - first + 1 >= COLUMNS:
        return ((0, COLUMNS - 1),)
    start, end = first % COLUMNS, last % COLUMNS
    return ((start, end),) if start <= end else ((0, end), (start, COLUMNS - 1))
