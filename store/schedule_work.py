"""Schedules that are due, as what runs them sees it: when, and nothing of what is ordered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """A schedule that is due since ``next_at``; ``now_at`` is the database's clock."""

    workspace_id: UUID
    id: UUID
    cron: str
    time_zone: str
    next_at: datetime
    now_at: datetime


def due(conn: Connection, most: int) -> list[DueRow]:
    """Those due, the longest first."""
    rows = conn.execute(sa.text("select * from schedules_due(:most)"), {"most": most})
    return [DueRow(**row._mapping) for row in rows]


def order(conn: Connection, row: DueRow, next_at: datetime | None, missed: int) -> str | None:
    """Place the order that was due, or note why not, and set when the next is: what came of it, None when somebody
    else was quicker. ``missed``: how many times passed that this one makes up for."""
    answer: str | None = conn.execute(
        sa.text("""
            select schedule_order(:workspace, :id, :due, :next, :missed, :run, :campaign, :job, :wake)
        """),
        {
            "workspace": row.workspace_id,
            "id": row.id,
            "due": row.next_at,
            "next": next_at,
            "missed": missed,
            "run": new_id(),
            "campaign": new_id(),
            "job": new_id(),
            "wake": new_id(),
        },
    ).scalar_one()
    return answer


def pause(conn: Connection, row: DueRow, cause: str) -> None:
    """Have it order nothing until somebody looks."""
    conn.execute(
        sa.text("select schedule_pause(:workspace, :id, :cause)"),
        {"workspace": row.workspace_id, "id": row.id, "cause": cause},
    )
