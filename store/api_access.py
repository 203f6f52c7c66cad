"""How much each key asks for, and what was said to requests that may be made again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

WINDOW_S = 60
"""The stretch of time requests are counted in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Requests of a key in the stretch of time that ends in so many seconds, this one included."""

    requests: int
    resets_in_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was kept under an idempotency key. Without a ``status`` it is not known yet; ``is_stale`` then says that
    whoever carried it out has been silent for so long that it is gone."""

    id: UUID
    asked: bytes
    status: int | None
    body: str | None
    is_stale: bool


def count_request(conn: Connection) -> Counted | None:
    """Count one request of the key that asks; None when it is no key that holds."""
    row = conn.execute(
        sa.text("select requests, resets_in_s from app_count_request(:window)"), {"window": WINDOW_S}
    ).one_or_none()
    return None if row is None else Counted(**row._mapping)


def begin(conn: Connection, whose: tuple[UUID, UUID], reply_id: UUID, idem_key: str, asked: bytes) -> bool:
    """Take an idempotency key for a person in a workspace, also one that was taken a day ago; False when it is
    taken."""
    conn.execute(
        sa.text("""
            delete from api_replies
            where workspace_id = :workspace and user_id = :user and idem_key = :key
                and begun_at <= now() - interval '24 hours'
        """),
        {"workspace": whose[0], "user": whose[1], "key": idem_key},
    )
    return (
        conn.execute(
            sa.text("""
                insert into api_replies (workspace_id, id, user_id, idem_key, asked)
                values (:workspace, :id, :user, :key, :asked)
                on conflict (workspace_id, user_id, idem_key) do nothing
                returning id
            """),
            {"workspace": whose[0], "id": reply_id, "user": whose[1], "key": idem_key, "asked": asked},
        ).scalar_one_or_none()
        is not None
    )


def kept(conn: Connection, whose: tuple[UUID, UUID], idem_key: str, silent_s: int) -> Reply | None:
    """What is kept under an idempotency key, and kept from changing; None when it was freed meanwhile."""
    row = conn.execute(
        sa.text("""
            select id, asked, status, body,
                status is null and tried_at < now() - make_interval(secs => :silent) as is_stale
            from api_replies
            where workspace_id = :workspace and user_id = :user and idem_key = :key
            for update
        """),
        {"workspace": whose[0], "user": whose[1], "key": idem_key, "silent": silent_s},
    ).one_or_none()
    return None if row is None else Reply(**row._mapping)


def try_again(conn: Connection, workspace_id: UUID, reply_id: UUID) -> None:
    """Somebody else carries it out now."""
    conn.execute(
        sa.text("update api_replies set tried_at = now() where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": reply_id},
    )


def keep(conn: Connection, workspace_id: UUID, reply_id: UUID, status: int, body: str) -> None:
    """Keep what was answered."""
    conn.execute(
        sa.text("""
            update api_replies
            set status = :status, body = :body
            where workspace_id = :workspace and id = :id and status is null
        """),
        {"workspace": workspace_id, "id": reply_id, "status": status, "body": body},
    )


def let_go(conn: Connection, workspace_id: UUID, reply_id: UUID) -> None:
    """Free an idempotency key whose request came to nothing, if it was tried only once."""
    conn.execute(
        sa.text("""
            delete from api_replies
            where workspace_id = :workspace and id = :id and status is null and tried_at = begun_at
        """),
        {"workspace": workspace_id, "id": reply_id},
    )


def forget(conn: Connection) -> int:
    """Remove answers and quotes whose time is over; returns how many."""
    return int(conn.execute(sa.text("select forget_api_rows()")).scalar_one())
