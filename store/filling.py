"""What is filled in a database of an earlier version once the schema is there, because only Python can work it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

AT_ONCE = 2000


@contextmanager
def as_owner(conn: Connection, tables: tuple[str, ...], triggers: Mapping[str, str]) -> Iterator[None]:
    """Reads and writes these tables whole: the policies let their owner see nothing while it is forced to obey them.
    Meanwhile one trigger of each table named does nothing."""
    for table in tables:
        conn.exec_driver_sql(f"alter table {table} no force row level security")
    for table, trigger in triggers.items():
        conn.exec_driver_sql(f"alter table {table} disable trigger {trigger}")
    yield
    for table, trigger in triggers.items():
        conn.exec_driver_sql(f"alter table {table} enable trigger {trigger}")
    for table in tables:
        conn.exec_driver_sql(f"alter table {table} force row level security")


def parts(conn: Connection, query: sa.TextClause, **given: object) -> Iterator[list[Row[Any]]]:
    """Rows that the database holds meanwhile."""
    found = conn.execute(query, given, execution_options={"yield_per": AT_ONCE})
    for part in found.partitions():
        yield list(part)
