"""A part of the map between two meridians and two parallels, as somebody draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

_DIGITS = 5
"""A metre at the equator; what is drawn by hand is no finer."""


class Box(NamedTuple):
    """WGS 84 degrees. With ``west`` beyond ``east`` it lies across the antimeridian."""

    west: float
    south: float
    east: float
    north: float


def checked(sides: Sequence[float]) -> Box:
    """West, south, east and north as a box. Raises ValueError for what is none."""
    if len(sides) != 4 or not all(math.isfinite(side) for side in sides):
        raise ValueError("An area is its west, south, east and north in degrees.")
    box = Box(*(round(float(side), _DIGITS) for side in sides))
    on_earth = max(abs(box.west), abs(box.east)) <= 180 and max(abs(box.south), abs(box.north)) <= 90
    if not on_earth or box.south > box.north:
        raise ValueError("An area lies between 180° west and east, and its south is below its north.")
    return box


def read(text: str) -> Box | None:
    """The box that ``written`` wrote; None for any other text."""
    try:
        return checked([float(side) for side in text[:100].split(",")])
    except ValueError:
        return None


def written(box: Box) -> str:
    """West, south, east and north, parted by commas."""
    return ",".join(f"{side:.{_DIGITS}f}".rstrip("0").rstrip(".") for side in box)
