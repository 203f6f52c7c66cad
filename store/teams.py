"""The people of a workspace, through functions of the database that see to who may change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """Somebody in a workspace. ``last_seen_at`` is when they last used ProspectPro, None if never."""

    user_id: UUID
    email: str
    role: str
    joined_at: datetime
    last_seen_at: datetime | None
    is_disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the campaigns one person ordered in a workspace have cost, in micro-dollars; months are those of UTC."""

    month_micros: int
    all_micros: int


def people(conn: Connection, workspace_id: UUID) -> list[MemberRow]:
    """The members of one's workspace, the owner first; nobody for a stranger."""
    rows = conn.execute(sa.text("select * from team_people(:workspace)"), {"workspace": workspace_id})
    return [MemberRow(**row._mapping) for row in rows]


def size(conn: Connection, workspace_id: UUID) -> int:
    """How many members one's workspace has."""
    statement = sa.text("select count(*) from memberships where workspace_id = :workspace")
    return int(conn.execute(statement, {"workspace": workspace_id}).scalar_one())


def spent(conn: Connection, workspace_id: UUID) -> dict[UUID, Spent]:
    """What each person's campaigns have cost, read from the ledger; also of people who are gone."""
    rows = conn.execute(
        sa.text("""
            select
                c.created_by,
                coalesce(sum(p.cost_micros), 0)::bigint as all_micros,
                coalesce(sum(p.cost_micros) filter (where p.created_at >= date_trunc('month', now())), 0)::bigint
                    as month_micros
            from provider_calls p
            join campaigns c on c.workspace_id = p.workspace_id and c.id = p.campaign_id
            where p.workspace_id = :workspace
            group by c.created_by
        """),
        {"workspace": workspace_id},
    )
    return {row.created_by: Spent(month_micros=row.month_micros, all_micros=row.all_micros) for row in rows}


def set_role(conn: Connection, workspace_id: UUID, member: UUID, role: str) -> str:
    """Give a member another role; returns what came of it."""
    statement = sa.text("select team_set_role(:workspace, :member, :role)")
    return _came_to(conn, statement, {"workspace": workspace_id, "member": member, "role": role})


def remove(conn: Connection, workspace_id: UUID, member: UUID) -> str:
    """Take a member out; returns what came of it."""
    statement = sa.text("select team_remove(:workspace, :member)")
    return _came_to(conn, statement, {"workspace": workspace_id, "member": member})


def leave(conn: Connection, workspace_id: UUID) -> str:
    """Leave a workspace oneself; returns what came of it."""
    return _came_to(conn, sa.text("select team_leave(:workspace)"), {"workspace": workspace_id})


def hand_over(conn: Connection, workspace_id: UUID, member: UUID) -> str:
    """Make a member the owner in one's own place; returns what came of it."""
    statement = sa.text("select team_hand_over(:workspace, :member)")
    return _came_to(conn, statement, {"workspace": workspace_id, "member": member})


def rename(conn: Connection, workspace_id: UUID, name: str) -> str:
    """Give a workspace another name; returns what came of it."""
    statement = sa.text("select team_rename(:workspace, :name)")
    return _came_to(conn, statement, {"workspace": workspace_id, "name": name})


def _came_to(conn: Connection, statement: sa.TextClause, values: dict[str, object]) -> str:
    return str(conn.execute(statement, values).scalar_one())
