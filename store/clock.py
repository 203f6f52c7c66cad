"""The one clock: Postgres's."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def now(conn: Connection) -> datetime:
    """The start of this transaction, UTC."""
    moment: datetime = conn.execute(sa.text("select now()")).scalar_one()
    return moment


def today(conn: Connection) -> date:
    """The day of this transaction, UTC."""
    return now(conn).date()
