"""What must not be kept for longer is removed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.providers.registry import registry

_SAID = "Its source allows keeping this for some days only; it was removed then."


def forget_google_values(conn: Connection) -> int:
    """Remove what only Google gave once its time is over, at most a thousand leads at once; returns how many."""
    conn.execute(
        sa.text("select forget_details(:sources, :said)"),
        {"sources": list(registry().retained_briefly()), "said": _SAID},
    )
    forgotten = int(conn.execute(sa.text("select forget_google_values()")).scalar_one())
    conn.execute(sa.text("select forget_google_answers()"))
    return forgotten


def forget_old(conn: Connection, days: int) -> int:
    """Remove history, messages and answers of campaigns that ended so long ago, and expired answers; returns how
    many."""
    return int(conn.execute(sa.text("select forget_old(:days)"), {"days": days}).scalar_one())
