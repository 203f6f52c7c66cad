"""Keys that programs prove themselves with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as it is listed; what it proves itself with is kept by nobody. ``limit_micros``: what all it orders may
    cost; ``ordered_micros``: what it has ordered, at full budget while a campaign runs."""

    id: UUID
    email: str
    is_own: bool
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    is_expired: bool
    limit_micros: int | None
    ordered_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key about to be kept, by the hash of what it proves itself with."""

    id: UUID
    name: str
    scope: str
    days: int
    proof: bytes
    limit_micros: int | None


def create(conn: Connection, new: NewKey) -> bool:
    """Keep a new key of the person who asks, in the workspace they work in; False when they may not have it."""
    return bool(
        conn.execute(
            sa.text("select app_create_key(:id, :name, :scope, :days, :proof, :limit)"),
            {
                "id": new.id,
                "name": new.name,
                "scope": new.scope,
                "days": new.days,
                "proof": new.proof,
                "limit": new.limit_micros,
            },
        ).scalar_one()
    )


def listing(conn: Connection, workspace_id: UUID, user_id: UUID) -> list[KeyRow]:
    """The keys to a workspace that are not revoked and that the person who asks may see, newest first."""
    rows = conn.execute(
        sa.text("""
            select k.id, u.email, k.user_id = :user as is_own, k.name, k.scope, k.created_at, k.expires_at,
                k.last_used_at, k.expires_at <= now() as is_expired, k.limit_micros, o.ordered_micros
            from api_keys k
            join users u on u.id = k.user_id
            cross join lateral (
                select coalesce(sum(case when c.ended_at is null then c.budget_micros else c.spent_micros end), 0)
                    as ordered_micros
                from campaigns c
                where c.workspace_id = k.workspace_id and c.key_id = k.id
            ) o
            where k.workspace_id = :workspace and k.revoked_at is null
            order by k.created_at desc, k.id
        """),
        {"workspace": workspace_id, "user": user_id},
    )
    return [KeyRow(**{**row._mapping, "ordered_micros": int(row.ordered_micros)}) for row in rows]


def revoke(conn: Connection, key_id: UUID) -> bool:
    """End a key for good; False when there is none that the person who asks may end."""
    return bool(conn.execute(sa.text("select app_revoke_key(:id)"), {"id": key_id}).scalar_one())
