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
    if not rows:
        return 0
    names = ", ".join(columns)
    arrays = ", ".join(f"cast(:{name} as {_carried(kind)}[])" for name, kind in columns.items())
    values = ", ".join(f"cast({name} as {kind})" for name, kind in columns.items())
    statement = (
        f"insert into {table} ({names}) select {values} from unnest({arrays}) as given({names})"
        " on conflict do nothing"
    )
    parameters = {name: [_value(row[name], kind) for row in rows] for name, kind in columns.items()}
    return int(conn.execute(sa.text(statement), parameters).rowcount)


def _carried(kind: str) -> str:
    return "text" if kind in ("jsonb", "uuid") else kind


def _value(value: Any, kind: str) -> Any:  # noqa: ANN401 - a database value of any type
    if kind == "jsonb":
        return json.dumps(value, ensure_ascii=False)
    if kind == "uuid":
        return None if value is None else str(value)
    return value
