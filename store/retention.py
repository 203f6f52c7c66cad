"""What must not be kept for longer is removed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def forget_google_values(conn: Connection) -> int:
    """Remove what only Google gave once its time is over, at most a thousand leads at once; returns how many."""
    forgotten = int(conn.execute(sa.text("select forget_google_values()")).scalar_one())
    conn.execute(sa.text("select forget_google_answers()"))
    return forgotten
