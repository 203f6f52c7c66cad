"""Mails about money that is missing, promised by the database, and wallets that do not follow from their entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingMail:
    """A claimed mail of the ``kind`` ``payment_failed`` or ``wallet_low``. ``grace_until``: so long the plan is kept;
    ``balance_micros``: what is in the wallet, in micro-dollars."""

    workspace_id: UUID
    id: UUID
    kind: str
    recipient: str
    workspace_name: str
    grace_until: datetime | None
    balance_micros: int
    claimed_at: datetime


def are_due(conn: Connection) -> bool:
    """Whether one waits to be sent now."""
    return bool(conn.execute(sa.text("select billing_mails_due()")).scalar_one())


def claim(conn: Connection, hold_s: int) -> BillingMail | None:
    """Take the oldest that is due and still true: nobody else does for ``hold_s`` seconds."""
    row = conn.execute(sa.text("select * from billing_mail_claim(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else BillingMail(**row._mapping)


def done(conn: Connection, mail: BillingMail, problem: str | None, *, again: bool) -> None:
    """Note that it was sent, or why not and whether to try again later."""
    conn.execute(
        sa.text("select billing_mail_done(:workspace, :id, :problem, :again)"),
        {"workspace": mail.workspace_id, "id": mail.id, "problem": problem, "again": again},
    )


def wrong_wallets(conn: Connection) -> list[UUID]:
    """Mark the wallets whose balance does not follow from their entries, and let go of mails of before; whose they
    are."""
    return list(conn.execute(sa.text("select workspace_id from billing_wallets_check()")).scalars())
