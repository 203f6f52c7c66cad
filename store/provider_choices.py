"""An administrator's recorded decisions about a provider; the newest one holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, when, and by whom when that person still has an account."""

    value: str
    at: datetime
    by: str | None


def decision(conn: Connection, provider: str, name: str) -> Decision | None:
    """The newest decision as administrators see it, or None when nothing was decided."""
    row = conn.execute(
        sa.text("""
            select c.value, c.decided_at as at, u.email as by
            from provider_choices c
            left join users u on u.id = c.decided_by
            where c.provider = :p and c.name = :n
            order by c.id desc
            limit 1
        """),
        {"p": provider, "n": name},
    ).one_or_none()
    return Decision(**row._mapping) if row else None


def latest(conn: Connection, provider: str, name: str) -> str | None:
    """What was decided last, or None when nothing was."""
    return conn.execute(
        sa.text(
            "select value from provider_choices where provider = :p and name = :n order by id desc limit 1"
        ),
        {"p": provider, "n": name},
    ).scalar_one_or_none()


def decide(conn: Connection, provider: str, name: str, value: str, by: UUID) -> None:
    """Record a decision."""
    conn.execute(
        sa.text("insert into provider_choices (provider, name, value, decided_by) values (:p, :n, :v, :by)"),
        {"p": provider, "n": name, "v": value, "by": by},
    )
