"""Making large files of leads: what the process does that has taken one up. It proves itself by a lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import as_array


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWork:
    """A file that was taken up. The database shows the leads of its workspace to whoever proves ``job_id`` and
    ``secret``; a later one to take it up makes them worthless."""

    workspace_id: UUID
    job_id: UUID
    secret: str = field(repr=False)
    format: str
    asked: Mapping[str, Any]
    workspace: str
    exported_by: str
    legal_basis: str
    simulated: frozenset[UUID]
    token: int = 0


def are_due(conn: Connection) -> bool:
    """Whether a file waits for somebody."""
    return bool(conn.execute(sa.text("select export_is_due()")).scalar_one())


def take(conn: Connection, seconds: int) -> ExportWork | None:
    """Take up the file that has waited longest, for so many seconds from the last word on."""
    row = conn.execute(sa.text("select * from export_take(:seconds)"), {"seconds": seconds}).one_or_none()
    return None if row is None else ExportWork(**{**row._mapping, "simulated": frozenset(row.simulated)})


def take_time(conn: Connection) -> None:
    """Let this transaction stand still while a workbook is put together: it holds no lock anybody waits for."""
    conn.execute(sa.text("select set_config('idle_in_transaction_session_timeout', '1h', true)"))


def go_on(conn: Connection, passed: int, expected: int | None, seconds: int) -> bool:
    """Say how many leads have gone by; False when the file was let go or somebody else makes it."""
    said = conn.execute(
        sa.text("select export_go_on(:passed, cast(:expected as integer), :seconds)"),
        {"passed": passed, "expected": expected, "seconds": seconds},
    )
    return bool(said.scalar_one())


def add_part(conn: Connection, number: int, data: bytes) -> bool:
    """Keep a part of the file; False as of ``go_on``."""
    kept = conn.execute(sa.text("select export_part(:number, :data)"), {"number": number, "data": data})
    return bool(kept.scalar_one())


def mark(conn: Connection, leads: Sequence[UUID]) -> bool:
    """Note of the companies of these leads that they are in the file; False as of ``go_on``."""
    kept = conn.execute(sa.text("select export_marks(cast(:leads as uuid[]))"), {"leads": as_array(leads)})
    return bool(kept.scalar_one())


def finish(
    conn: Connection, name: str, counts: tuple[int, int], size: int, sha256: bytes, hours: int
) -> bool:
    """The file is whole, with so many leads in it and so many left out: offer it for so many hours, and note the
    export. False as of ``go_on``."""
    done = conn.execute(
        sa.text("select export_finish(:name, :rows, :left_out, :size, :sha, :hours)"),
        {
            "name": name,
            "rows": counts[0],
            "left_out": counts[1],
            "size": size,
            "sha": sha256,
            "hours": hours,
        },
    )
    return bool(done.scalar_one())


def fail(conn: Connection, why: str) -> bool:
    """Say why the file cannot be made; False as of ``go_on``."""
    return bool(conn.execute(sa.text("select export_fail(:why)"), {"why": why}).scalar_one())


def forget(conn: Connection) -> int:
    """Files whose time is over go; how many."""
    return int(conn.execute(sa.text("select forget_exports()")).scalar_one())
