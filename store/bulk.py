"""Many rows in one statement: by ``unnest``, because row-level security refuses ``COPY FROM``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def insert_rows(
    conn: Connection, table: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert ``rows`` (column name to value) and return how many were new; existing keys stay untouched.

    ``columns`` gives each column's Postgres type.
    """
    return _insert(conn, table, columns, rows, "do nothing")


def upsert_rows(
    conn: Connection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
) -> int:
    """Insert ``rows`` and return how many were new; a row with the same ``key`` takes the new values.

    The ``id`` of an existing row stays; its ``updated_at`` is set.
    """
    changed = [name for name in columns if name not in (*key, "id")]
    changes = ", ".join(f"{name} = excluded.{name}" for name in changed)
    conflict = (
        f"({', '.join(key)}) do update set {changes}, updated_at = now() returning (xmax = 0) as is_new"
    )
    return _insert(conn, table, columns, rows, conflict)


def _insert(
    conn: Connection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    conflict: str,
) -> int:
    if not rows:
        return 0
    names = ", ".join(columns)
    arrays = ", ".join(f"cast(:{name} as {_carried(kind)}[])" for name, kind in columns.items())
    values = ", ".join(f"cast({name} as {kind})" for name, kind in columns.items())
    statement = (
        f"insert into {table} ({names}) select {values} from unnest({arrays}) as given({names})"
        f" on conflict {conflict}"
    )
    parameters = {name: [_value(row[name], kind) for row in rows] for name, kind in columns.items()}
    done = conn.execute(sa.text(statement), parameters)
    return sum(done.scalars()) if done.returns_rows else int(done.rowcount)


def _carried(kind: str) -> str:
    return "text" if kind in ("jsonb", "uuid") else kind


def _value(value: Any, kind: str) -> Any:  # noqa: ANN401 - a database value of any type
    if kind == "jsonb":
        return json.dumps(value, ensure_ascii=False)
    if kind == "uuid":
        return None if value is None else str(value)
    return value
