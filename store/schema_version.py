"""Which schema this code works with, for everybody who starts: without the library that migrates, which takes a quarter
of a second to load."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

NEWEST = "0084"
"""The newest revision in ``migrations/``; a test compares."""
# security_invoker views and SET grants of roles need this release.
OLDEST_POSTGRES = 160000
TOO_OLD = "ProspectPro needs Postgres 16 or newer; upgrade the server DATABASE_URL names."


def current(conn: Connection) -> str:
    """The revision the database is at; "" when it has no schema."""
    exists = conn.execute(sa.text("select to_regclass('alembic_version') is not null")).scalar_one()
    return (conn.execute(sa.text("select version_num from alembic_version")).scalar() or "") if exists else ""
