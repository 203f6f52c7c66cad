"""How far apart two records are."""

from __future__ import annotations

import math

from pipeline.discovery.records import Record
from pipeline.geo.location import KM_PER_DEGREE

NEAR_M = 150
"""The farthest two records of one business may be, whatever they share."""
METRES_PER_DEGREE = KM_PER_DEGREE * 1000


def has_position(record: Record) -> bool:
    """Whether its source says where it is."""
    return record.place.lat is not None and record.place.lon is not None


def distance_m(a: Record, b: Record) -> float:
    """Metres between two records, flat-earth, exact to a metre this near; 0 where one has no position."""
    if a.place.lat is None or a.place.lon is None or b.place.lat is None or b.place.lon is None:
        return 0.0
    up = (a.place.lat - b.place.lat) * METRES_PER_DEGREE
    scale = math.cos(math.radians((a.place.lat + b.place.lat) / 2))
    across = (a.place.lon - b.place.lon) * METRES_PER_DEGREE * scale
    return math.hypot(up, across)
