"""The statements that search the catalogue: which places fit, how far away they are, nearest first.

Putting one together takes about as long as running it, so there is one for each shape of a question, whatever its
values are, and its parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from pipeline.geo.location import EARTH_RADIUS_KM, cell_ranges
from pipeline.place import Area, Place, PlaceQuery
from pipeline.words.text import folded
from store import keyset, tables
from store.keyset import Key

PLAIN = tuple(field.name for field in fields(Place) if field.name != "tags")
"""The columns of a place that are fields of the same name."""
Statement = tuple[sa.Select[Any], dict[str, Any]]
"""A statement and its parameters, to which the caller adds ``limit``."""

# What is searched for, one search of an index each: tags, words, or words among tags.
_Part = tuple[list[str], str | None]
# Of each part whether it names tags, and whether it has words.
_Shape = tuple[tuple[bool, bool], ...]

_P = tables.places.c
_IS_OPEN = sa.and_(_P.gone_at.is_(None), sa.or_(_P.ends_on.is_(None), _P.ends_on >= sa.func.current_date()))
_LAT: sa.BindParameter[float] = sa.bindparam("lat", type_=sa.Double())
_LON: sa.BindParameter[float] = sa.bindparam("lon", type_=sa.Double())
_RADIUS_KM: sa.BindParameter[float] = sa.bindparam("radius_km", type_=sa.Double())
_LIMIT: sa.BindParameter[int] = sa.bindparam("limit", type_=sa.BigInteger())


def nearest(query: PlaceQuery, distance_km: float, place_id: int) -> Statement:
    """Open places that fit, nearest first, from just behind a distance and an id."""
    behind = {"after_km": distance_km, "after_id": place_id}
    return _nearest(_shape(query)), {**_parameters(query), **behind}


def number(query: PlaceQuery) -> Statement:
    """How many open places fit, counted up to the limit."""
    return _number(_shape(query)), _parameters(query)


def drawn(area: Area) -> Statement:
    """Points of any open places of the area, in no order that means anything, the same every time."""
    return _drawn(), _circle(area)


def _parts(query: PlaceQuery) -> Iterator[_Part]:
    if tags := {tag for match in query.types if not match.words for tag in match.tags}:
        yield sorted(tags), None
    yield from ((list(match.tags), _tsquery(match.words)) for match in query.types if match.words)


def _shape(query: PlaceQuery) -> _Shape:
    return tuple((bool(tags), words is not None) for tags, words in _parts(query))


def _parameters(query: PlaceQuery) -> dict[str, Any]:
    given: dict[str, Any] = _circle(query.area)
    for part, (tags, words) in enumerate(_parts(query)):
        given |= {f"tags_{part}": tags, f"words_{part}": words}
    return given


def _circle(area: Area) -> dict[str, Any]:
    low, high = zip(*cell_ranges(area.lat, area.lon, area.radius_km), strict=True)
    cells = {"low": list(low), "high": list(high)}
    return {"lat": area.lat, "lon": area.lon, "radius_km": area.radius_km, **cells}


def _tsquery(words: Sequence[str]) -> str:
    """All words, each as the beginning of a word: ``sauna`` finds a Saunabar."""
    return " & ".join(f"'{word}':*" for text in words for word in folded(text).split())


@lru_cache(maxsize=64)
def _nearest(shape: _Shape) -> sa.Select[Any]:
    found = _found(shape)
    near = sa.select(found.c.id, _distance_km(found).label("km")).cte("near").prefix_with("materialized")
    inside = (
        sa.select(_P.id, *(_P[name] for name in (*PLAIN, "tags")), near.c.km)
        .join_from(near, tables.places, _P.id == near.c.id)
        .where(near.c.km <= _RADIUS_KM)
    )
    after_km: sa.BindParameter[float] = sa.bindparam("after_km", type_=sa.Double())
    after_id: sa.BindParameter[int] = sa.bindparam("after_id", type_=sa.BigInteger())
    return keyset.page(inside, (Key(near.c.km), Key(_P.id)), (after_km, after_id), _LIMIT)


@lru_cache(maxsize=64)
def _number(shape: _Shape) -> sa.Select[Any]:
    found = _found(shape)
    inside = sa.select(found.c.id).where(_distance_km(found) <= _RADIUS_KM).limit(_LIMIT)
    return sa.select(sa.func.count()).select_from(inside.subquery("inside"))


@lru_cache(maxsize=1)
def _drawn() -> sa.Select[Any]:
    cells = _cells()
    found = sa.select(_P.id, _P.lat, _P.lon).where(_is_in(cells), _IS_OPEN).lateral("found")
    return (
        sa.select(found.c.lat, found.c.lon)
        .join_from(cells, found, _distance_km(found) <= _RADIUS_KM)
        .order_by(sa.func.hashint8(found.c.id))
        .limit(_LIMIT)
    )


def _found(shape: _Shape) -> sa.CTE:
    """The common table ``found``: id and point of every open place that fits a part, near the area."""
    cells = _cells()
    parts = [_of_part(cells, part, *kind) for part, kind in enumerate(shape)]
    nothing = sa.select(_P.id, _P.lat, _P.lon).where(sa.false())
    return (sa.union(*parts) if parts else nothing).cte("found")


def _of_part(cells: sa.TableValuedAlias, part: int, has_tags: bool, has_words: bool) -> sa.Select[Any]:
    conditions = [_is_in(cells), _IS_OPEN]
    if has_tags:
        tags = sa.cast(sa.bindparam(f"tags_{part}"), ARRAY(sa.Text))
        conditions.append(_P.category == sa.any_(tags))
    if has_words:
        words = sa.cast(sa.bindparam(f"words_{part}"), TSQUERY)
        conditions.append(_P.words.bool_op("@@")(words))
    # "offset 0" keeps the planner from reading a category's places of the whole world at once.
    found = sa.select(_P.id, _P.lat, _P.lon).where(*conditions).offset(0).lateral("found_here")
    return sa.select(found.c.id, found.c.lat, found.c.lon).join_from(cells, found, sa.true())


def _cells() -> sa.TableValuedAlias:
    """The ranges of grid cells that hold the area."""
    low, high = (sa.cast(sa.bindparam(name), ARRAY(sa.Integer)) for name in ("low", "high"))
    ends = (sa.column("low", sa.Integer), sa.column("high", sa.Integer))
    return sa.func.unnest(low, high).table_valued(*ends).render_derived(name="cells")


def _is_in(cells: sa.TableValuedAlias) -> sa.ColumnElement[bool]:
    return _P.cell.between(cells.c.low, cells.c.high)


def _distance_km(points: sa.FromClause) -> sa.ColumnElement[float]:
    """From the middle of the area, by the haversine formula."""
    lat, lon = points.c.lat, points.c.lon
    half_up = sa.func.sin(0.5 * sa.func.radians(lat - _LAT))
    half_across = sa.func.sin(0.5 * sa.func.radians(lon - _LON))
    shrink = sa.func.cos(sa.func.radians(_LAT)) * sa.func.cos(sa.func.radians(lat))
    chord = sa.func.sqrt(sa.func.power(half_up, 2) + shrink * sa.func.power(half_across, 2))
    return 2 * EARTH_RADIUS_KM * sa.func.asin(sa.func.least(1, chord))
