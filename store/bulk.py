"""Many rows in one statement: by ``unnest``, because row-level security refuses ``COPY FROM``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.dialects.postgresql import ARRAY, INT4MULTIRANGE, JSONB, TSVECTOR, Insert, insert
from sqlalchemy.engine import Connection
from sqlalchemy.sql.dml import ReturningInsert

_Expression = sa.ColumnElement[Any]
_LINE = "\n"


def _plain(value: object) -> str:
    """What JSON has no form for, as Postgres reads it: bytes in hexadecimal, days and moments as they are written."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _json(value: object) -> str:
    return to_json(value).decode()


# Making an encoder takes longer than a small document.
_ARRAY = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
_CONTROL = re.compile(r"\\[bfnrtu]")
"""What JSON writes for characters that stand for themselves in an array."""


@dataclass(frozen=True, slots=True)
class _Carried:
    """How values of a type that no plain array holds travel: as text, made on this side and read on the other."""

    write: Callable[[Any], str]
    read: Callable[[_Expression], _Expression]


_AS_TEXT: Mapping[type[sa.types.TypeEngine[Any]], _Carried] = {
    sa.Uuid: _Carried(str, lambda text: sa.cast(text, sa.Uuid)),
    JSONB: _Carried(
        _json,
        lambda text: sa.cast(text, JSONB),
    ),
    # An array of arrays cannot be ragged.
    ARRAY: _Carried(_LINE.join, lambda text: sa.func.string_to_array(text, _LINE)),
    INT4MULTIRANGE: _Carried(str, lambda text: sa.cast(text, INT4MULTIRANGE)),
    TSVECTOR: _Carried(str, lambda text: sa.func.to_tsvector("simple", text)),
}


def insert_rows(
    conn: Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert ``rows`` (column name to value) and return how many were new; existing keys stay untouched."""
    if not rows:
        return 0
    names = tuple(columns)
    return int(conn.execute(_adding(table, names), arrays(table, names, rows)).rowcount)


def upsert_rows(
    conn: Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
) -> int:
    """Insert ``rows`` and return how many were new; a row with the same ``key`` takes the new values.

    The ``id`` of an existing row stays; its ``updated_at`` is set.
    """
    if not rows:
        return 0
    names = tuple(columns)
    merged = conn.execute(_merging(table, names, tuple(key)), arrays(table, names, rows))
    return sum(merged.scalars())


# Putting a wide statement together takes longer than a small batch: each is made once.
@lru_cache(maxsize=32)
def _adding(table: sa.Table, columns: tuple[str, ...]) -> Insert:
    return insertion(table, columns).on_conflict_do_nothing()


@lru_cache(maxsize=32)
def _merging(table: sa.Table, columns: tuple[str, ...], key: tuple[str, ...]) -> ReturningInsert[Any]:
    new = insertion(table, columns)
    changes = taken_over(new, (name for name in columns if name not in (*key, "id")))
    return new.on_conflict_do_update(
        index_elements=key, set_={**changes, "updated_at": sa.func.now()}
    ).returning(IS_NEW)


IS_NEW = sa.literal_column("xmax = 0", sa.Boolean).label("is_new")
"""Of a row that an insert or an update on conflict returns: it was not there before."""


def insertion(table: sa.Table, columns: Sequence[str]) -> Insert:
    """An ``insert`` of many rows, each column as one of ``arrays``; what a conflict does is left to add."""
    carried = [
        sa.cast(sa.bindparam(_given(name), type_=sa.Text()), ARRAY(_carrier(table.c[name])))
        for name in columns
    ]
    given = sa.func.unnest(*carried).table_valued(*columns).render_derived(name="given")
    values = [_read(table.c[name], given.c[name]) for name in columns]
    return insert(table).from_select(list(columns), sa.select(*values))


def arrays(table: sa.Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The values ``insertion`` takes, each column as one text: the server reads it many times as fast as a list of
    constants, and the driver writes it so."""
    return columns_of(table, {name: [row[name] for row in rows] for name in columns})


def columns_of(table: sa.Table, values: Mapping[str, list[Any]]) -> dict[str, str]:
    """The same of values that are there by column."""
    return {_given(name): _literal(_written(table.c[name], each)) for name, each in values.items()}


def _literal(values: list[Any]) -> str:
    """An array as Postgres reads one, which is nearly JSON: only a backslash has no meaning but for what follows it."""
    text = _ARRAY(values)
    if _CONTROL.search(text):
        text = f"[{','.join(map(_quoted, values))}]"
    return f"{{{text[1:-1]}}}"


def _quoted(value: object) -> str:
    if isinstance(value, str):
        bare = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{bare}"'
    return _ARRAY(value)


def taken_over(new: Insert, columns: Iterable[str]) -> dict[str, _Expression]:
    """What ``on_conflict_do_update`` sets so that these columns take the new values."""
    return {name: new.excluded[name] for name in columns}


def _given(name: str) -> str:
    # A parameter of an insert must not bear the name of a column.
    return f"given_{name}"


def _carrier(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    return sa.Text() if type(column.type) in _AS_TEXT else column.type


def _written(column: sa.Column[Any], values: list[Any]) -> list[Any]:
    carried = _AS_TEXT.get(type(column.type))
    if carried:
        return [None if value is None else carried.write(value) for value in values]
    if isinstance(column.type, sa.Date):
        # Many rows were written on few days.
        days = {day: None if day is None else str(day) for day in set(values)}
        return [days[day] for day in values]
    if isinstance(column.type, sa.Double):
        # A zero has no sign.
        return [None if value is None else value + 0.0 for value in values]
    return values


def _read(column: sa.Column[Any], given: _Expression) -> _Expression:
    carried = _AS_TEXT.get(type(column.type))
    return given if carried is None else carried.read(given)
