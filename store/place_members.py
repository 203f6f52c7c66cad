"""Who belongs to a named area, as conditions of a search: what a record says of its city, its part of one, its
postcode decides, and the area's circle only for records that say nothing of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from pipeline.geo.location import SQUARES_PER_DEGREE
from pipeline.place import PART_TAGS, Level, Named
from store import tables

Shape = tuple[Level, bool, bool] | None
"""What the conditions are made of: the level, whether records name the area at all, and whether their city may rule it
out; None for an area that is a circle."""

_P = tables.places.c
_TEXTS = ARRAY(sa.Text)
_SPELLINGS = sa.cast(sa.bindparam("spellings"), _TEXTS)
_OUTER = sa.cast(sa.bindparam("outer"), _TEXTS)
_CEDED = sa.cast(sa.bindparam("ceded"), ARRAY(sa.Integer))


def shape_of(named: Named | None) -> Shape:
    """The shape of an area's conditions."""
    return (named.level, bool(named.spellings), bool(named.outer)) if named else None


def parameters(named: Named | None) -> dict[str, Any]:
    """What the conditions of an area are filled with."""
    if named is None:
        return {}
    return {"spellings": list(named.spellings), "outer": list(named.outer), "ceded": list(named.ceded)}


def names_it(shape: Shape) -> sa.ColumnElement[bool]:
    """Whether a record names the area."""
    if shape is None or not shape[1]:
        return sa.false()
    level = shape[0]
    if level is Level.PART:
        parts = [_tag(name) == sa.any_(_SPELLINGS) for name in PART_TAGS]
        any_part = sa.and_(_has(*PART_TAGS), sa.or_(*parts))
        return sa.func.coalesce(sa.or_(_P.city == sa.any_(_SPELLINGS), any_part), sa.false())
    return sa.func.coalesce(_field(level) == sa.any_(_SPELLINGS), sa.false())


def may_be_in_it(shape: Shape) -> sa.ColumnElement[bool]:
    """Whether a record says nothing against the area, so that its point decides."""
    if shape is None:
        return sa.true()
    level, is_named, has_outer = shape
    conditions: list[sa.ColumnElement[bool]] = []
    if level is Level.CITY:
        conditions.append(_names_no_city())
    elif level is Level.PART and is_named:
        conditions.append(sa.not_(_has(*PART_TAGS)))
    elif is_named:
        conditions.append(_field(level).is_(None))
    if has_outer and level is not Level.CITY:
        conditions.append(sa.or_(_names_no_city(), _P.city == sa.any_(_OUTER)))
    return sa.and_(sa.true(), *conditions)


def is_not_ceded(
    shape: Shape, lat: sa.ColumnElement[float], lon: sa.ColumnElement[float]
) -> sa.ColumnElement[bool]:
    """Whether a point lies in none of the squares that another area holds."""
    if shape is None:
        return sa.true()
    row, column = (sa.cast(sa.func.floor(of * SQUARES_PER_DEGREE), sa.Integer) for of in (lat, lon))
    number = (row + 90 * SQUARES_PER_DEGREE) * 360 * SQUARES_PER_DEGREE + column + 180 * SQUARES_PER_DEGREE
    return number != sa.all_(_CEDED)


def _field(level: Level) -> sa.ColumnElement[str]:
    if level is Level.STATE:
        return sa.func.coalesce(_tag("addr:state"), _tag("addr:province"))
    if level is Level.COUNTY:
        return _tag("addr:county")
    columns = {Level.CITY: _P.city, Level.POSTCODE: _P.postcode, Level.COUNTRY: _P.country}
    return columns[level]


def _names_no_city() -> sa.ColumnElement[bool]:
    """House numbers and whole addresses are no cities; ``pipeline.geo.recorded.city_names`` reads them the same."""
    return sa.or_(_P.city.is_(None), sa.func.split_part(_P.city, ",", 1).regexp_match(r"\d"))


def _tag(name: str) -> sa.ColumnElement[str]:
    return sa.func.jsonb_extract_path_text(_P.tags, name)


def _has(*tags: str) -> sa.ColumnElement[bool]:
    return _P.tags.bool_op("?|")(sa.cast(sa.literal(list(tags), _TEXTS), _TEXTS))
