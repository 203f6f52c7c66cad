"""What repeats, orders and files alike, and paused by itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """What repeats, files or else orders, and paused by itself for this ``cause``."""

    id: UUID
    name: str
    cause: str
    is_export: bool


def paused(conn: Connection, workspace_id: UUID, user_id: UUID) -> list[Paused]:
    """What somebody made that repeats, whatever it does, and that paused by itself."""
    rows = conn.execute(
        sa.text("""
            select id, name, pause_cause as cause, spec is null as is_export
            from schedules
            where workspace_id = :workspace and created_by = :user and pause_cause <> 'person'
            order by name, id
        """),
        {"workspace": workspace_id, "user": user_id},
    )
    return [Paused(**row._mapping) for row in rows]
