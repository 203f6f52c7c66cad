"""Accounts as administrators look after them, through functions of the database that ask who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account. ``last_seen_at`` is None for one nobody has used; ``workspaces`` counts those it belongs to. A guest,
    who has none yet, is removed at ``guest_until``. ``is_free``: they order nothing that may cost money."""

    id: UUID
    email: str
    created_at: datetime
    last_seen_at: datetime | None
    administers: bool
    disabled_at: datetime | None
    workspaces: int
    guest_until: datetime | None
    is_free: bool


def page(
    conn: Connection, find: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[AccountRow]:
    """Accounts, newest first, from just after ``after``; ``find`` is looked for literally in the address."""
    at, row_id = after or (None, None)
    rows = conn.execute(
        sa.text("select * from admin_accounts(:find, :at, :id, :limit)"),
        {"find": find, "at": at, "id": row_id, "limit": limit},
    )
    return [AccountRow(**row._mapping) for row in rows]


def running_jobs(conn: Connection, user_id: UUID) -> list[tuple[UUID, UUID]]:
    """Workspace and job of every campaign of a person that has not ended."""
    rows = conn.execute(
        sa.text("""
            select j.workspace_id, j.id
            from discovery_jobs j
            join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
            where c.created_by = :user
                and j.status in ('pending', 'processing')
        """),
        {"user": user_id},
    )
    return [(row.workspace_id, row.id) for row in rows]


def disable(conn: Connection, user_id: UUID) -> str:
    """Let an account in no more: its sessions and keys end. Returns what came of it."""
    return _came_to(conn, sa.text("select admin_disable(:user)"), {"user": user_id})


def enable(conn: Connection, user_id: UUID) -> str:
    """Let an account in again; returns what came of it."""
    return _came_to(conn, sa.text("select admin_enable(:user)"), {"user": user_id})


def set_admin(conn: Connection, user_id: UUID, *, wanted: bool) -> str:
    """Make an account an administrator, or none any more; returns what came of it."""
    statement = sa.text("select admin_set_admin(:user, :wanted)")
    return _came_to(conn, statement, {"user": user_id, "wanted": wanted})


def set_free(conn: Connection, user_id: UUID, *, wanted: bool) -> str:
    """Whether an account orders nothing that may cost money; returns what came of it."""
    return _came_to(
        conn, sa.text("select admin_set_free(:user, :wanted)"), {"user": user_id, "wanted": wanted}
    )


def delete(conn: Connection, user_id: UUID, heir: UUID | None) -> str:
    """Take the person out of an account and give what they own to ``heir``; of a guest all goes with them. Returns what
    came of it."""
    return _came_to(
        conn, sa.text("select admin_delete(:user, cast(:heir as uuid))"), {"user": user_id, "heir": heir}
    )


def _came_to(conn: Connection, statement: sa.TextClause, values: dict[str, object]) -> str:
    return str(conn.execute(statement, values).scalar_one())
