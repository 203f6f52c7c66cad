"""Advisory locks that one transaction at a time may hold."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_RECONCILER = 5_277_460_003
_COMPANIES = 5_277_460
"""The first half of the key under which the companies of one workspace are found."""


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


def hold_companies(conn: Connection, workspace_id: UUID) -> None:
    """Until the transaction ends, nobody else stores leads of the workspace, or says whom they must not hold and which
    of them are customers."""
    conn.execute(
        sa.text("select pg_advisory_xact_lock(:lock, hashtext(cast(:workspace as text)))"),
        {"lock": _COMPANIES, "workspace": str(workspace_id)},
    )


def hold_lists(conn: Connection, workspace_id: UUID) -> None:
    """Until the transaction ends, no other exclusion list of the workspace brings entries to the suppression list or
    takes them along."""
    conn.execute(sa.text("select lists_hold(:workspace)"), {"workspace": workspace_id})


def hold_hand_offs(conn: Connection, workspace_id: UUID, crm: str) -> None:
    """Until the transaction ends, nobody else begins a hand-off of the workspace to this customer system."""
    conn.execute(
        sa.text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"hand-offs {workspace_id} {crm}"},
    )
