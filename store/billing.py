"""What a workspace pays for, as Stripe told: written by what asks Stripe alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.billing.records import EventHead, Payment
from pipeline.billing.standing import Standing, Status
from store.database import secret_for
from store.sealing import VOUCHER


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A workspace as a customer of Stripe. ``plan`` is what is paid for, ``holds`` whether it still holds: a payment is
    not missing for too long. ``running``: how many subscriptions are paid for; ``asked_at``: when Stripe was asked
    last, ``is_due``: it is now, or will be within moments."""

    customer_id: str
    subscription_id: str | None
    item_id: str | None
    plan: str
    holds: bool
    status: Status
    renews_at: datetime | None
    ends_at: datetime | None
    grace_until: datetime | None
    running: int
    asked_at: datetime | None
    is_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedRow:
    """What a workspace has of its ``plan``: leads of this month, those of running campaigns at what they may still
    find; people with those invited; schedules that are not paused."""

    plan: str
    leads: int
    members: int
    schedules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingRow:
    """A workspace as administrators see it in the list of those that pay, or did."""

    workspace: str
    plan: str
    status: Status
    renews_at: datetime | None
    ends_at: datetime | None
    grace_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A customer Stripe is to be asked about, by whoever took them until ``held_until``."""

    workspace_id: UUID
    customer_id: str
    turn: int
    held_until: datetime


def account(conn: Connection, workspace_id: UUID) -> AccountRow | None:
    """How a workspace stands; None while it never went to Stripe."""
    row = conn.execute(
        sa.text("""
            select customer_id, subscription_id, item_id, plan, coalesce(grace_until >= now(), true) as holds, status,
                renews_at, ends_at, grace_until, running, asked_at, due_at < now() + interval '3 minutes' as is_due
            from billing_accounts
            where workspace_id = :workspace
        """),
        {"workspace": workspace_id},
    ).one_or_none()
    return None if row is None else AccountRow(**{**row._mapping, "status": Status(row.status)})


def used(conn: Connection, workspace_id: UUID) -> UsedRow | None:
    """What it has of its plan; None where plans are not sold."""
    row = conn.execute(
        sa.text("select * from app_plan(:workspace)"), {"workspace": workspace_id}
    ).one_or_none()
    return None if row is None else UsedRow(**row._mapping)


def paying(conn: Connection, most: int) -> list[PayingRow]:
    """Workspaces that went to Stripe, by name."""
    rows = conn.execute(
        sa.text("""
            select w.name as workspace, a.plan, a.status, a.renews_at, a.ends_at, a.grace_until
            from billing_accounts a
            join workspaces w on w.id = a.workspace_id
            order by lower(w.name), w.id
            limit :most
        """),
        {"most": most},
    )
    return [PayingRow(**{**row._mapping, "status": Status(row.status)}) for row in rows]


def connect(conn: Connection, workspace_id: UUID, customer: str, gone: str | None) -> str:
    """The customer a workspace pays as from now on: this one, unless it has one that is not ``gone``."""
    statement = sa.text("select app_billing_connect(:workspace, :customer, :gone)")
    values = {"workspace": workspace_id, "customer": customer, "gone": gone}
    return str(conn.execute(statement, values).scalar_one())


def ask(conn: Connection, workspace_id: UUID) -> None:
    """Have Stripe asked at once how it stands."""
    conn.execute(sa.text("select app_billing_ask(:workspace)"), {"workspace": workspace_id})


def keep_event(conn: Connection, head: EventHead) -> bool:
    """Keep what was told, and have Stripe asked about the customer, or who paid the charge; False when it was told
    before."""
    return bool(
        conn.execute(
            sa.text("select billing_event_keep(:key, :event, :kind, :made, :customer, :charge)"),
            {
                "key": secret_for(VOUCHER),
                "event": head.id,
                "kind": head.kind,
                "made": head.made_at,
                "customer": head.customer_id,
                "charge": head.charge_id,
            },
        ).scalar_one()
    )


def are_due(conn: Connection) -> bool:
    """Whether Stripe is to be asked about anybody."""
    return bool(conn.execute(sa.text("select billing_due()")).scalar_one())


def take(conn: Connection, hold_s: int) -> Taken | None:
    """Whom to ask about next; nobody else does for so many seconds."""
    row = conn.execute(sa.text("select * from billing_take(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else Taken(**row._mapping)


def keep(conn: Connection, taken: Taken, standing: Standing) -> bool:
    """Write down how Stripe says a customer stands; False when somebody asked after us."""
    said = json.dumps(asdict(standing), default=str)
    return bool(
        conn.execute(
            sa.text("select billing_keep(:workspace, :turn, :held, cast(:said as jsonb))"),
            {
                "workspace": taken.workspace_id,
                "turn": taken.turn,
                "held": taken.held_until,
                "said": said,
            },
        ).scalar_one()
    )


def keep_payments(conn: Connection, taken: Taken, payments: Sequence[Payment]) -> bool:
    """Write down what became of the payments into a wallet; False when somebody asked after us."""
    said = json.dumps(
        [
            {
                "charge_id": each.charge_id,
                "top_up": each.paid_micros,
                "refund": each.refunded_micros,
                "dispute": each.disputed_micros,
                "is_test": each.is_test,
            }
            for each in payments
        ]
    )
    return bool(
        conn.execute(
            sa.text("select billing_payments_keep(:workspace, :turn, cast(:said as jsonb))"),
            {"workspace": taken.workspace_id, "turn": taken.turn, "said": said},
        ).scalar_one()
    )


def parting(conn: Connection, hold_s: int) -> str | None:
    """A customer whose workspace was deleted, and who may still pay; nobody else sees to them for so many seconds."""
    found: str | None = conn.execute(
        sa.text("select billing_parting(:hold)"), {"hold": hold_s}
    ).scalar_one_or_none()
    return found


def parted(conn: Connection, customer: str) -> None:
    """They pay for nothing any more."""
    conn.execute(sa.text("select billing_parted(:customer)"), {"customer": customer})


def wait(conn: Connection, wait_s: int) -> None:
    """Ask about nobody for so many seconds."""
    conn.execute(sa.text("select billing_wait(:wait)"), {"wait": wait_s})


def settle(conn: Connection) -> int:
    """Pause schedules beyond what plans allow, and let go of what is old; returns how many were paused."""
    return int(conn.execute(sa.text("select billing_settle()")).scalar_one())
