"""The statements that search the catalogue: which places fit, how far away they are, nearest first.

Putting one together takes about as long as running it, so there is one for each shape of a question, whatever its
values are, and its parameters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from pipeline.geo.location import EARTH_RADIUS_KM, FINE_DEGREES, cell_ranges
from pipeline.place import Area, Place, PlaceQuery
from pipeline.words.text import folded
from store import keyset, place_members, tables
from store.keyset import Key

PLAIN = tuple(field.name for field in fields(Place) if field.name != "tags")
"""The columns of a place that are fields of the same name."""
Statement = tuple[sa.Select[Any], dict[str, Any]]
"""A statement and its parameters, to which the caller adds ``limit``."""

# What is searched for, one search of an index each: tags, words, or words among tags.
_Part = tuple[list[str], str | None]
# How the area is named, of each part whether it names tags, and whether it has words, and whether the cells are fine.
_Shape = tuple[place_members.Shape, tuple[tuple[bool, bool], ...], bool]

# So far out the fine cells are a few dozen ranges of the index; our own choice.
_FINE_UP_TO_KM = 12.0

_P = tables.places.c
_K = tables.place_kinds.c
_IS_OPEN = sa.and_(_P.gone_at.is_(None), sa.or_(_P.ends_on.is_(None), _P.ends_on >= sa.func.current_date()))
_LAT: sa.BindParameter[float] = sa.bindparam("lat", type_=sa.Double())
_LON: sa.BindParameter[float] = sa.bindparam("lon", type_=sa.Double())
_RADIUS_KM: sa.BindParameter[float] = sa.bindparam("radius_km", type_=sa.Double())
_FINE_CELL = sa.func.fine_cell(_P.lat, _P.lon, type_=sa.BigInteger())
_LIMIT: sa.BindParameter[int] = sa.bindparam("limit", type_=sa.BigInteger())


def nearest(query: PlaceQuery, distance_km: float, place_id: int, within_km: float) -> Statement:
    """Open places that fit and lie no farther than ``within_km``, nearest first, from just behind a distance and an
    id."""
    bounds = {"after_km": distance_km, "after_id": place_id, "within_km": within_km}
    return _nearest(_shape(query, within_km)), {**_parameters(query, within_km), **bounds}


def reach_km(area: Area) -> float:
    """How far from its middle places of an area lie at most."""
    return max(area.radius_km, area.named.reach_km if area.named else 0)


def number(query: PlaceQuery) -> Statement:
    """How many open places fit, counted up to the limit."""
    return _number(_shape(query)), _parameters(query)


def members(area: Area) -> Statement:
    """How many open places belong to an area, counted up to the limit."""
    anything = (place_members.shape_of(area.named), ((False, False),), False)
    return _number(anything), _circle(area) | place_members.parameters(area.named)


def closed(query: PlaceQuery) -> Statement:
    """Places of the categories asked for, in and around the area, whose own records say that they closed, nearest
    first."""
    tags = sorted({tag.partition("+")[0] for match in query.types for tag in match.tags})
    return _closed(), {**_circle(query.area), "tags": tags, "within_km": reach_km(query.area)}


def drawn(area: Area) -> Statement:
    """Points of any open places of the area that state one, in no order that means anything, the same every time."""
    return _drawn(), _circle(area)


def _parts(query: PlaceQuery) -> Iterator[_Part]:
    if tags := {tag for match in query.types if not match.words for tag in match.tags}:
        yield sorted(tags), None
    yield from ((list(match.tags), _tsquery(match.words)) for match in query.types if match.words)


def _shape(query: PlaceQuery, within_km: float = math.inf) -> _Shape:
    parts = tuple((bool(tags), words is not None) for tags, words in _parts(query))
    return place_members.shape_of(query.area.named), parts, _is_fine(query.area, within_km)


def _parameters(query: PlaceQuery, within_km: float = math.inf) -> dict[str, Any]:
    given: dict[str, Any] = _circle(query.area, within_km) | place_members.parameters(query.area.named)
    for part, (tags, words) in enumerate(_parts(query)):
        given |= {f"tags_{part}": tags, f"words_{part}": words}
    return given


def _circle(area: Area, within_km: float = math.inf) -> dict[str, Any]:
    far_km = min(within_km, reach_km(area))
    low, high = zip(*cell_ranges(area.lat, area.lon, far_km), strict=True)
    cells = {"low": list(low), "high": list(high)}
    if _is_fine(area, within_km):
        low, high = zip(*cell_ranges(area.lat, area.lon, far_km, FINE_DEGREES), strict=True)
        cells |= {"fine_low": list(low), "fine_high": list(high)}
    return {"lat": area.lat, "lon": area.lon, "radius_km": area.radius_km, **cells}


def _is_fine(area: Area, within_km: float) -> bool:
    return min(within_km, reach_km(area)) <= _FINE_UP_TO_KM


def _tsquery(words: Sequence[str]) -> str:
    """All words, each as the beginning of a word: ``sauna`` finds a Saunabar."""
    return " & ".join(f"'{word}':*" for text in words for word in folded(text).split())


@lru_cache(maxsize=64)
def _nearest(shape: _Shape) -> sa.Select[Any]:
    found = _found(shape)
    km = _distance_km(found).label("km")
    near = sa.select(found.c.id, km, found.c.is_named).cte("near").prefix_with("materialized")
    within_km: sa.BindParameter[float] = sa.bindparam("within_km", type_=sa.Double())
    belongs = sa.or_(near.c.is_named, near.c.km <= _RADIUS_KM)
    inside = sa.select(near.c.id, near.c.km).where(near.c.km <= within_km, belongs)
    after_km: sa.BindParameter[float] = sa.bindparam("after_km", type_=sa.Double())
    after_id: sa.BindParameter[int] = sa.bindparam("after_id", type_=sa.BigInteger())
    nearest_ids = keyset.page(inside, (Key(near.c.km), Key(near.c.id)), (after_km, after_id), _LIMIT).cte(
        "page"
    )
    return (
        sa.select(_P.id, *(_P[name] for name in (*PLAIN, "tags")), nearest_ids.c.km)
        .join_from(nearest_ids, tables.places, _P.id == nearest_ids.c.id)
        .order_by(nearest_ids.c.km, nearest_ids.c.id)
    )


@lru_cache(maxsize=64)
def _number(shape: _Shape) -> sa.Select[Any]:
    found = _found(shape)
    belongs = sa.or_(found.c.is_named, _distance_km(found) <= _RADIUS_KM)
    inside = sa.select(found.c.id).where(belongs).limit(_LIMIT)
    return sa.select(sa.func.count()).select_from(inside.subquery("inside"))


@lru_cache(maxsize=1)
def _closed() -> sa.Select[Any]:
    cells = _cells()
    of_kind = _P.category == sa.any_(sa.cast(sa.bindparam("tags"), ARRAY(sa.Text)))
    columns = [_P[name] for name in ("id", *PLAIN, "tags")]
    found = (
        sa.select(*columns)
        .where(_P.is_closed, _P.gone_at.is_not(None), _is_in(cells, _P.cell), of_kind)
        .lateral("found")
    )
    km = _distance_km(found).label("km")
    within_km: sa.BindParameter[float] = sa.bindparam("within_km", type_=sa.Double())
    near = sa.select(*found.c, km).join_from(cells, found, km <= within_km)
    return near.order_by(km, found.c.id).limit(_LIMIT)


@lru_cache(maxsize=1)
def _drawn() -> sa.Select[Any]:
    cells = _cells()
    is_placed = sa.not_(_P.is_by_postcode)
    found = (
        sa.select(_P.id, _P.lat, _P.lon).where(_is_in(cells, _P.cell), _IS_OPEN, is_placed).lateral("found")
    )
    return (
        sa.select(found.c.lat, found.c.lon)
        .join_from(cells, found, _distance_km(found) <= _RADIUS_KM)
        .order_by(sa.func.hashint8(found.c.id))
        .limit(_LIMIT)
    )


def _found(shape: _Shape) -> sa.CTE:
    """The common table ``found``: id and point of every open place that fits a part, near the area, and whether it
    names it."""
    area, kinds, is_fine = shape
    parts = [found for part, kind in enumerate(kinds) for found in _of_part(area, part, *kind, is_fine)]
    nothing = sa.select(_P.id, _P.lat, _P.lon, sa.false().label("is_named")).where(sa.false())
    return (sa.union(*parts) if parts else nothing).cte("found")


def _of_part(
    area: place_members.Shape, part: int, has_tags: bool, has_words: bool, is_fine: bool
) -> Iterator[sa.Select[Any]]:
    """Tags are looked for as the category of a place, and among everything else it is."""
    conditions = [_IS_OPEN, *_belongs(area)]
    if has_words:
        words = sa.cast(sa.bindparam(f"words_{part}"), TSQUERY)
        conditions.append(_P.words.bool_op("@@")(words))
    named = place_members.names_it(area).label("is_named")
    points = sa.select(_P.id, _P.lat, _P.lon, named).where(*conditions)
    cells = _cells()
    if not has_tags:
        yield _around(cells, points.where(_is_in(cells, _P.cell)))
        return
    tags = sa.cast(sa.bindparam(f"tags_{part}"), ARRAY(sa.Text))
    # Only categories have an index on fine cells.
    near, cell = (_cells("fine_", sa.BigInteger), _FINE_CELL) if is_fine else (cells, _P.cell)
    yield _around(near, points.where(_is_in(near, cell), _P.category == sa.any_(tags)))
    further = points.join_from(tables.places, tables.place_kinds, _K.place_id == _P.id)
    yield _around(cells, further.where(_is_in(cells, _K.cell), _K.kind == sa.any_(tags)))


def _around(cells: sa.TableValuedAlias, points: sa.Select[Any]) -> sa.Select[Any]:
    """Points of each range of cells; "offset 0" keeps the planner from reading those of the whole world at once."""
    found = points.offset(0).lateral("found_here")
    return sa.select(*found.c).join_from(cells, found, sa.true())


def _belongs(area: place_members.Shape) -> Iterator[sa.ColumnElement[bool]]:
    """By what a record says; how far away one is that says nothing comes later."""
    if area:
        silent = sa.and_(place_members.may_be_in_it(area), place_members.is_not_ceded(area, _P.lat, _P.lon))
        yield sa.or_(place_members.names_it(area), silent)


def _cells(prefix: str = "", number: type[sa.Integer] = sa.Integer) -> sa.TableValuedAlias:
    """The ranges of grid cells that hold the area."""
    low, high = (sa.cast(sa.bindparam(f"{prefix}{name}"), ARRAY(number)) for name in ("low", "high"))
    ends = (sa.column("low", number), sa.column("high", number))
    return sa.func.unnest(low, high).table_valued(*ends).render_derived(name=f"{prefix}cells")


def _is_in(cells: sa.TableValuedAlias, cell: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    return cell.between(cells.c.low, cells.c.high)


def _distance_km(points: sa.FromClause) -> sa.ColumnElement[float]:
    """From the middle of the area, by the haversine formula."""
    lat, lon = points.c.lat, points.c.lon
    half_up = sa.func.sin(0.5 * sa.func.radians(lat - _LAT))
    half_across = sa.func.sin(0.5 * sa.func.radians(lon - _LON))
    shrink = sa.func.cos(sa.func.radians(_LAT)) * sa.func.cos(sa.func.radians(lat))
    chord = sa.func.sqrt(sa.func.power(half_up, 2) + shrink * sa.func.power(half_across, 2))
    return 2 * EARTH_RADIUS_KM * sa.func.asin(sa.func.least(1, chord))
