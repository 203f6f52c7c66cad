"""Advisory locks that one process at a time may hold."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_RECONCILER = 5_277_460_003


def try_reconciler_lock(conn: Connection) -> bool:
    """Whether this transaction may reconcile now; the lock ends with it."""
    return bool(
        conn.execute(sa.text("select pg_try_advisory_xact_lock(:key)"), {"key": _RECONCILER}).scalar_one()
    )


def try_turn_lock(conn: Connection, name: str) -> bool:
    """Whether this transaction is the one of the installation that may take the turn of this name; the lock ends with
    it. Asked again it keeps the transaction from being taken for a dead one."""
    return bool(
        conn.execute(
            sa.text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        ).scalar_one()
    )
