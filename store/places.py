"""Businesses of the open-data catalogue: search near a point, count, and bulk upsert.

Nearby means grid cells: a circle is a few ranges of cell numbers, and one index on (category, cell) answers
each range, so a search touches what lies near and not what lies in the rest of the world.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.geo.location import EARTH_RADIUS_KM, cell_of, cell_ranges
from pipeline.place import Area, Place, PlaceQuery
from pipeline.words.osm_tags import ends_on
from pipeline.words.text import folded

_PLAIN = (
    *("source", "source_ref", "name", "category", "lat", "lon", "street", "housenumber", "city", "postcode"),
    *("country", "phone", "website", "email", "opening_hours", "brand", "observed_on"),
)
_OPEN = "p.gone_at is null and (p.ends_on is null or p.ends_on >= current_date)"
# Haversine in kilometres.
_DISTANCE = (
    f"{2 * EARTH_RADIUS_KM} * asin(least(1, sqrt(sin(radians(lat - :lat) / 2) ^ 2"
    " + cos(radians(:lat)) * cos(radians(lat)) * sin(radians(lon - :lon) / 2) ^ 2)))"
)
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
    }
)
_TOLD_BY_YES = ("diet:", "organic", "fair_trade", "vegan", "vegetarian", "service:", "drink:")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a search goes on: just behind this distance and place."""

    distance_km: float = -1.0
    id: int = 0


def search(
    conn: Connection, query: PlaceQuery, after: Cursor, limit: int
) -> tuple[list[Place], Cursor | None]:
    """Up to ``limit`` open, named places nearest first, and the cursor for the next ones if any are left."""
    rows = conn.execute(
        sa.text(
            f"with {_candidates(query)},"
            f" near as materialized (select id, {_DISTANCE} as km from found)"
            " select p.*, near.km from near join places p using (id)"
            " where km <= :radius and (km, p.id) > (:after_km, :after_id) order by km, p.id limit :limit"
        ),
        {**_parameters(query), "after_km": after.distance_km, "after_id": after.id, "limit": limit},
    ).all()
    last = Cursor(rows[-1].km, rows[-1].id) if len(rows) == limit else None
    return [_place(row) for row in rows], last


def count(conn: Connection, query: PlaceQuery) -> int:
    """How many places ``search`` would find, counted up to ``query.limit``."""
    statement = (
        f"with {_candidates(query)} select count(*) from"
        f" (select from found where {_DISTANCE} <= :radius limit :limit) as inside"
    )
    return int(conn.execute(sa.text(statement), {**_parameters(query), "limit": query.limit}).scalar_one())


def backdrop(conn: Connection, area: Area, limit: int = 400) -> tuple[tuple[float, float], ...]:
    """Points of any places in an area, evenly drawn: where a few results on a map lie."""
    rows = conn.execute(
        sa.text(
            "select lat, lon from unnest(cast(:low as int[]), cast(:high as int[])) as r (low, high)"
            f" join lateral (select lat, lon, id from places p where cell between low and high and {_OPEN})"
            f" as found on {_DISTANCE} <= :radius order by hashint8(id) limit :limit"
        ),
        {**_circle(area), "limit": limit},
    )
    return tuple((row.lat, row.lon) for row in rows)


def _candidates(query: PlaceQuery) -> str:
    """The common table ``found``: id and point of every open place that fits a type, near the area.

    Only positions of parameters are put into the statement, never text a person typed.
    """
    cells = "unnest(cast(:low as int[]), cast(:high as int[])) as r (low, high)"
    parts = []
    if any(match.tags and not match.words for match in query.types):
        parts.append(_part(cells, "category = any(:tags)"))
    for number, match in enumerate(query.types):
        if match.words:
            tagged = f" and category = any(:tags_{number})" if match.tags else ""
            parts.append(_part(cells, f"words @@ cast(:words_{number} as tsquery){tagged}"))
    nothing = "select id, lat, lon from places where false"
    return f"found as ({' union '.join(parts) or nothing})"


def _part(cells: str, condition: str) -> str:
    # "offset 0" keeps the planner from reading a category's places of the whole world at once.
    return (
        f"select f.id, f.lat, f.lon from {cells} cross join lateral (select id, lat, lon from places p"
        f" where {condition} and cell between low and high and {_OPEN} offset 0) as f"
    )


def _parameters(query: PlaceQuery) -> dict[str, Any]:
    plain = {tag for match in query.types if not match.words for tag in match.tags}
    narrowed = {
        f"{name}_{number}": value
        for number, match in enumerate(query.types)
        if match.words
        for name, value in (("tags", list(match.tags)), ("words", _tsquery(match.words)))
    }
    return {**_circle(query.area), "tags": sorted(plain), **narrowed}


def _circle(area: Area) -> dict[str, Any]:
    low, high = zip(*cell_ranges(area.lat, area.lon, area.radius_km), strict=True)
    return {"lat": area.lat, "lon": area.lon, "radius": area.radius_km, "low": list(low), "high": list(high)}


def _tsquery(words: Sequence[str]) -> str:
    """All words, each as the beginning of a word: ``sauna`` finds a Saunabar."""
    return " & ".join(f"'{word}':*" for text in words for word in folded(text).split())


def _place(row: Row[Any]) -> Place:
    return Place(**{name: getattr(row, name) for name in (*_PLAIN, "tags")})


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch changed: places new to the catalogue, and places updated."""

    added: int = 0
    updated: int = 0


_TYPES: Mapping[str, str] = {
    **dict.fromkeys(_PLAIN, "text"),
    **{"lat": "float8", "lon": "float8", "observed_on": "date", "cell": "int", "ends_on": "date"},
    **{"tags": "jsonb", "words": "tsvector"},
}
_VALUES: Mapping[str, str] = {"words": "to_tsvector('simple', words)", "tags": "cast(tags as jsonb)"}
_CARRIED: Mapping[str, str] = {"jsonb": "text", "tsvector": "text"}


def upsert(conn: Connection, import_id: UUID, places: Sequence[Place]) -> Stored:
    """Store places; one already known is updated unless what is stored was observed later."""
    rows = {(place.source, place.source_ref): place for place in places}.values()
    columns = [_columns(place) for place in rows]
    names = ", ".join(_TYPES)
    arrays = ", ".join(f"cast(:{name} as {_CARRIED.get(kind, kind)}[])" for name, kind in _TYPES.items())
    values = ", ".join(_VALUES.get(name, name) for name in _TYPES)
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*_TYPES, "import_id"))
    statement = (
        f"insert into places (import_id, {names}) select :import_id, {values}"
        f" from unnest({arrays}) as new ({names})"
        f" on conflict (source, source_ref) do update set gone_at = null, {updates}"
        " where places.observed_on is null or excluded.observed_on >= places.observed_on"
        " returning xmax = 0 as added"
    )
    parameters = {name: [row[name] for row in columns] for name in _TYPES}
    added = conn.execute(sa.text(statement), {"import_id": import_id, **parameters}).scalars().all()
    return Stored(added=sum(added), updated=len(added) - sum(added))


def _columns(place: Place) -> dict[str, Any]:
    return {
        **{name: getattr(place, name) for name in _PLAIN},
        "cell": cell_of(*place.point),
        "ends_on": ends_on(place.tags),
        "tags": json.dumps(dict(place.tags), ensure_ascii=False),
        "words": folded(" ".join(_told(place))),
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


def mark_gone(conn: Connection, places: Sequence[Place]) -> None:
    """Hide places that a snapshot not older than the stored one says are closed."""
    conn.execute(
        sa.text(
            "update places p set gone_at = now()"
            " from unnest(cast(:sources as text[]), cast(:refs as text[]), cast(:days as date[]))"
            " as closed (source, source_ref, observed_on)"
            " where p.source = closed.source and p.source_ref = closed.source_ref and p.gone_at is null"
            " and (p.observed_on is null or closed.observed_on >= p.observed_on)"
        ),
        {
            "sources": [place.source for place in places],
            "refs": [place.source_ref for place in places],
            "days": [place.observed_on for place in places],
        },
    )
