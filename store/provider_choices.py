"""An administrator's recorded decisions about a provider; the newest one holds."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.calls import Provider


def latest(conn: Connection, provider: Provider, name: str) -> str | None:
    """What was decided last, or None when nothing was."""
    return conn.execute(
        sa.text(
            "select value from provider_choices where provider = :p and name = :n order by id desc limit 1"
        ),
        {"p": provider.value, "n": name},
    ).scalar_one_or_none()


def decide(conn: Connection, provider: Provider, name: str, value: str, by: UUID) -> None:
    """Record a decision."""
    conn.execute(
        sa.text("insert into provider_choices (provider, name, value, decided_by) values (:p, :n, :v, :by)"),
        {"p": provider.value, "n": name, "v": value, "by": by},
    )
