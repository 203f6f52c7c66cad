"""What ends soon: the certificate of the public address, keys of programs that are in use."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

CERTIFICATE, API_KEYS = "certificate", "api_keys"


def note(conn: Connection, kind: str, ends_at: datetime | None, number: int = 1) -> None:
    """Keep when the first of a kind ends; None: nothing of the kind does."""
    if ends_at is None:
        conn.execute(sa.text("delete from endings where kind = :kind"), {"kind": kind})
        return
    conn.execute(
        sa.text("""
            insert into endings (kind, number, ends_at)
            values (:kind, :number, :ends_at)
            on conflict (kind) do update
            set number = excluded.number, ends_at = excluded.ends_at, asked_at = now()
        """),
        {"kind": kind, "number": number, "ends_at": ends_at},
    )


def note_ended(conn: Connection, kind: str) -> None:
    """It has ended; since when, was not said."""
    conn.execute(
        sa.text("""
            insert into endings (kind, ends_at)
            values (:kind, now())
            on conflict (kind) do update
            set ends_at = least(endings.ends_at, now()), asked_at = now()
        """),
        {"kind": kind},
    )


def api_keys(conn: Connection, within_days: int) -> tuple[int, datetime | None]:
    """How many keys of programs that are in use end within so many days, and when the first does."""
    statement = sa.text("select number, first_at from api_keys_that_end(:days)")
    row = conn.execute(statement, {"days": within_days}).one()
    return row.number, row.first_at
