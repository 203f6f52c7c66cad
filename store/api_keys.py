"""Keys that programs prove themselves with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as it is listed; what it proves itself with is kept by nobody."""

    id: UUID
    email: str
    is_own: bool
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    is_expired: bool


def create(conn: Connection, key_id: UUID, name: str, scope: str, days: int, proof: bytes) -> bool:
    """Keep a new key of the person who asks, in the workspace they work in; False when they may not have it."""
    return bool(
        conn.execute(
            sa.text("select app_create_key(:id, :name, :scope, :days, :proof)"),
            {"id": key_id, "name": name, "scope": scope, "days": days, "proof": proof},
        ).scalar_one()
    )


def listing(conn: Connection, workspace_id: UUID, user_id: UUID) -> list[KeyRow]:
    """The keys to a workspace that are not revoked and that the person who asks may see, newest first."""
    rows = conn.execute(
        sa.text("""
            select k.id, u.email, k.user_id = :user as is_own, k.name, k.scope, k.created_at, k.expires_at,
                k.last_used_at, k.expires_at <= now() as is_expired
            from api_keys k
            join users u on u.id = k.user_id
            where k.workspace_id = :workspace and k.revoked_at is null
            order by k.created_at desc, k.id
        """),
        {"workspace": workspace_id, "user": user_id},
    )
    return [KeyRow(**row._mapping) for row in rows]


def revoke(conn: Connection, key_id: UUID) -> bool:
    """End a key for good; False when there is none that the person who asks may end."""
    return bool(conn.execute(sa.text("select app_revoke_key(:id)"), {"id": key_id}).scalar_one())
