"""Businesses of the open-data catalogue: search near a point, and count.

Nearby means grid cells: a circle is a few ranges of cell numbers. An index on (category, cell), and one on (kind, cell)
for what a place is besides, answer each range, so a search touches what lies near and not the rest of the world.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Row

from pipeline.place import Area, Place, PlaceQuery
from store import place_search
from store.place_search import PLAIN

# The first ring; the next ones grow by what was found.
_FIRST_RING_KM = 1.0
_LEAST_GROWTH, _MOST_GROWTH = 1.5, 8.0
_LAST_ID = 2**63 - 1
_FIELDS = (*PLAIN, "tags")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a search goes on: just behind this distance and place."""

    distance_km: float = -1.0
    id: int = 0


def search(
    conn: Connection, query: PlaceQuery, after: Cursor, limit: int
) -> tuple[list[Place], Cursor | None]:
    """Up to ``limit`` open, named places nearest first, and the cursor for the next ones if any are left.

    Searched in rings outwards, so that a crowded city is not read whole for the few in its middle.
    """
    rows: list[Row[Any]] = []
    farthest_km = place_search.reach_km(query.area)
    within_km = min(max(_FIRST_RING_KM, 2 * after.distance_km), farthest_km)
    while True:
        statement, values = place_search.nearest(query, after.distance_km, after.id, within_km)
        rows += conn.execute(statement, {**values, "limit": limit - len(rows)})
        if len(rows) == limit:
            return [_place(row) for row in rows], Cursor(rows[-1].km, rows[-1].id)
        if within_km >= farthest_km:
            return [_place(row) for row in rows], None
        after, within_km = (
            Cursor(within_km, _LAST_ID),
            min(_next_ring_km(within_km, len(rows), limit), farthest_km),
        )


def _next_ring_km(within_km: float, found: int, limit: int) -> float:
    """As far as the rest may be expected when it is scattered as what was found, with a quarter to spare."""
    growth = math.sqrt(1.25 * limit / max(found, 1))
    return within_km * min(max(growth, _LEAST_GROWTH), _MOST_GROWTH)


def closed_near(conn: Connection, query: PlaceQuery, limit: int) -> list[Place]:
    """Up to ``limit`` places of these categories in and around the area whose own records say that they closed, nearest
    first."""
    statement, values = place_search.closed(query)
    return [_place(row) for row in conn.execute(statement, {**values, "limit": limit})]


def count(conn: Connection, query: PlaceQuery) -> int:
    """How many places ``search`` would find, counted up to ``query.limit``."""
    statement, values = place_search.number(query)
    return int(conn.execute(statement, {**values, "limit": query.limit}).scalar_one())


def number_in(conn: Connection, area: Area, limit: int) -> int:
    """How many open places an area holds, counted up to ``limit``."""
    statement, values = place_search.members(area)
    return int(conn.execute(statement, {**values, "limit": limit}).scalar_one())


def backdrop(conn: Connection, area: Area, limit: int = 400) -> tuple[tuple[float, float], ...]:
    """Points of any places in an area, evenly drawn: where a few results on a map lie."""
    statement, values = place_search.drawn(area)
    return tuple((row.lat, row.lon) for row in conn.execute(statement, {**values, "limit": limit}))


def _place(row: Row[Any]) -> Place:
    # By position: thousands of rows are read at once.
    values: dict[str, Any] = dict(zip(_FIELDS, row[1:-1], strict=True))
    if values["is_by_postcode"]:
        values["lat"] = values["lon"] = None
    return Place(**values)
