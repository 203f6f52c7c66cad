"""Links that give the newest file of a schedule: what the database answers to the key of one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The newest file of a schedule. ``came_to`` is ``done``, ``nothing`` while there is none, or ``too_many`` after
    twenty in an hour; the rest is None without a file."""

    came_to: str
    file_id: UUID | None
    name: str | None
    bytes: int | None


def take(conn: Connection, key: bytes) -> Sheet | None:
    """Take the file that a link gives, and count that; None for a link that is to no schedule."""
    row = conn.execute(sa.text("select * from client_link_sheet(:key)"), {"key": key}).one_or_none()
    return None if row is None else Sheet(**row._mapping)


def part(conn: Connection, key: bytes, file_id: UUID, number: int) -> memoryview | None:
    """A part of it, from 0 on; None behind the last one, and when the link or the file is gone."""
    found: memoryview | None = conn.execute(
        sa.text("select client_link_sheet_part(:key, :file, :number)"),
        {"key": key, "file": file_id, "number": number},
    ).scalar_one()
    return found
