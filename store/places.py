"""Businesses of the open-data catalogue: search near a point, count, and bulk upsert.

Nearby means grid cells: a circle is a few ranges of cell numbers. An index on (category, cell), and one on (kind, cell)
for what a place is besides, answer each range, so a search touches what lies near and not the rest of the world.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.geo.location import cell_of
from pipeline.place import Area, Place, PlaceQuery
from pipeline.words.closure import ends_on
from pipeline.words.osm_tags import kinds_of
from pipeline.words.text import folded
from store import place_search, tables
from store.bulk import IS_NEW, columns_of, insert_rows, insertion, taken_over
from store.place_search import PLAIN

# Tags whose text or yes tells what a place offers; their words can be searched for.
_TOLD_BY_VALUE = frozenset(
    {
        "alt_name",
        "operator",
        "cuisine",
        "sport",
        "description",
        "healthcare:speciality",
        "short_name",
        "owner",
        "overture:category",
        "foursquare:category",
    }
)
_TOLD_BY_YES = ("diet:", "organic", "fair_trade", "vegan", "vegetarian", "service:", "drink:")


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
    return Place(**dict(zip(_FIELDS, row[1:-1], strict=True)))


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch changed: places new to the catalogue, and places updated, of which ``changed`` say something else
    than before or were hidden."""

    added: int = 0
    updated: int = 0
    changed: int = 0


_P = tables.places.c
_SAYING = (*(name for name in PLAIN if name != "observed_on"), "tags")
"""What a place says, whenever that was observed."""
_WRITTEN = ("import_id", *PLAIN, "cell", "ends_on", "tags", "words")


def upsert(conn: Connection, import_id: UUID, places: Sequence[Place]) -> Stored:
    """Store places; one already known is updated unless another import stored it and observed it later.

    A file that does not say when it was observed counts as newer than what is stored.
    """
    if not places:
        return Stored()
    each_once = {(place.source, place.source_ref): place for place in places}.values()
    written = conn.execute(_merging(), columns_of(tables.places, _columns(import_id, each_once))).all()
    _forget_kinds(conn, [row.id for row in written if not row.is_new])
    _write_kinds(conn, {(row.source, row.source_ref): row.id for row in written}, each_once)
    added = sum(row.is_new for row in written)
    changed = sum(row.is_changed for row in written)
    return Stored(added=added, updated=len(written) - added, changed=changed)


def _forget_kinds(conn: Connection, ids: Sequence[int]) -> None:
    """What places were besides their category."""
    if ids:
        conn.execute(
            sa.text("delete from place_kinds where place_id = any(cast(:ids as bigint[]))"),
            {"ids": list(ids)},
        )


def _write_kinds(conn: Connection, ids: Mapping[tuple[str, str], int], places: Iterable[Place]) -> None:
    """What the places that were written are besides their category."""
    rows = [
        {"kind": kind, "cell": cell_of(*place.point), "place_id": ids[place.source, place.source_ref]}
        for place in places
        if (place.source, place.source_ref) in ids
        for kind in kinds_of(place.category, place.tags)[1:]
    ]
    insert_rows(conn, tables.place_kinds, ("kind", "cell", "place_id"), rows)


@lru_cache(maxsize=1)
def _merging() -> sa.Select[Any]:
    new = insertion(tables.places, _WRITTEN)
    is_newer = sa.or_(
        _P.observed_on.is_(None),
        new.excluded.observed_on.is_(None),
        new.excluded.observed_on >= _P.observed_on,
        _P.import_id == new.excluded.import_id,
    )
    merged = new.on_conflict_do_update(
        index_elements=["source", "source_ref"],
        set_={**taken_over(new, _WRITTEN), "gone_at": None, "is_closed": sa.false()},
        where=is_newer,
    )
    written = merged.returning(IS_NEW, _P.id, *(_P[name] for name in _SAYING)).cte("written")
    # A statement sees its tables as they were before it.
    was = tables.places.alias("was")
    differs = (was.c[name].is_distinct_from(written.c[name]) for name in _SAYING)
    changed = sa.select(sa.or_(was.c.gone_at.is_not(None), *differs)).where(was.c.id == written.c.id)
    is_changed = sa.case((written.c.is_new, False), else_=changed.scalar_subquery())
    told = [written.c[name] for name in ("is_new", "id", "source", "source_ref")]
    return sa.select(*told, is_changed.label("is_changed"))


def _columns(import_id: UUID, places: Collection[Place]) -> dict[str, list[Any]]:
    return {
        **{name: [getattr(place, name) for place in places] for name in PLAIN},
        "import_id": [import_id] * len(places),
        "cell": [cell_of(*place.point) for place in places],
        "ends_on": [ends_on(place.tags) for place in places],
        "tags": [dict(place.tags) for place in places],
        "words": [folded(" ".join(_told(place))) for place in places],
    }


def _told(place: Place) -> Iterator[str]:
    """Everything of a place that words are looked for in."""
    yield place.name
    yield place.category.partition("=")[2].replace("_", " ")
    yield place.brand or ""
    for tag, value in place.tags.items():
        if tag in _TOLD_BY_VALUE or tag.startswith("name:"):
            yield value
        elif tag.startswith(_TOLD_BY_YES) and value in ("yes", "only"):
            yield tag.rpartition(":")[2]


def keep(conn: Connection, import_id: UUID, source: str, refs: Sequence[str]) -> None:
    """Count places as held by an import that has them but cannot be read about them: they stay as they are."""
    conn.execute(
        sa.text("""
            update places
            set import_id = :import_id
            where source = :source and source_ref = any(:refs)
        """),
        {"import_id": import_id, "source": source, "refs": list(refs)},
    )
