"""The money ledger: a row before every paid question, and the sums that always follow from the rows.

``spent`` is what done calls cost plus the price of uncertain ones; ``reserved`` is the price of open ones; both only
change together with the state of a call.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import settings
from pipeline.errors import BudgetReached, LimitReached
from pipeline.money.calls import Answer, Call
from pipeline.money.limits import limit_name
from store import limits
from store.flights import FLIGHT_S, holder_of
from store.ids import new_id
from store.leases import Lease, judge
from store.ledger_entries import Entry as Entry
from store.ledger_entries import Question, arguments_of
from store.ledger_entries import earlier as earlier
from store.ledger_entries import key_of as key_of
from store.ledger_entries import latest as latest
from store.ledger_entries import latest_of as latest_of
from store.ledger_entries import question_of as question_of


class AskedMeanwhile(Exception):
    """The question needs another look: somebody else asks it, or it was asked before. Nothing was reserved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Under which question, and for how many days, an answer serves everybody, and whose flight it ends."""

    question: Question
    days: int
    holder: UUID


_BEGIN = sa.text("""
    select ledger_begin(
        :job, :token, :minutes, :workspace, :campaign, :key, :id, :provider, :operation,
        cast(:arguments as jsonb), :price, :attempt, :subject, :hash, :holder, :seconds
    )
""")


def begin(
    conn: Connection, lease: Lease, call: Call, attempt: int, question: Question | None = None
) -> bytes:
    """Reserve the price and write the intent, and the flight when the answer may serve everybody; returns the key.

    Raises BudgetReached, its kind LimitReached, AskedMeanwhile, LeaseLost, Cancelled or OutOfTime. A row that failed
    for nothing is opened again.
    """
    key = key_of(lease, call, attempt)
    values = {
        **_identity(lease, call, key),
        "job": lease.job_id,
        "minutes": settings.get().campaign_minutes,
        "attempt": attempt,
        "hash": question and question.hash,
        "holder": holder_of(lease),
        "seconds": FLIGHT_S,
    }
    try:
        with limits.kept():
            came_to = conn.execute(_BEGIN, values).scalar_one()
    except limits.Passed as passed:
        raise LimitReached(limit_name(passed.scope, passed.period)) from None
    except (limits.CapPassed, limits.WalletEmpty) as passed:
        raise LimitReached(passed.called) from None
    judge(came_to)
    if came_to == "out_of_budget":
        raise BudgetReached
    if came_to != "begun":
        raise AskedMeanwhile
    return key


_SETTLE = sa.text("""
    select call_answered(
        :workspace, :key, :cost, :status, cast(:answer as jsonb), :found, :simulated, :provider,
        :operation, :hash, :days, :holder
    )
""")


def settle(
    conn: Connection, workspace_id: UUID, key: bytes, answer: Answer, kept: Kept | None = None
) -> None:
    """The call is answered: what it cost is spent, the rest of its price is free again, and who waits has it."""
    conn.execute(
        _SETTLE,
        {
            "workspace": workspace_id,
            "key": key,
            "cost": answer.cost_micros,
            "status": answer.http_status,
            "answer": json.dumps({"body": answer.body, "simulated": answer.simulated}, ensure_ascii=False),
            "found": answer.found,
            "simulated": answer.simulated,
            "provider": kept and kept.question.provider,
            "operation": kept and kept.question.operation,
            "hash": kept and kept.question.hash,
            "days": kept and kept.days,
            "holder": kept and kept.holder,
        },
    )


def fail(conn: Connection, workspace_id: UUID, key: bytes, problem: str, *, billed: bool) -> None:
    """The call got no answer: for nothing, or perhaps billed all the same."""
    conn.execute(
        sa.text("""
            select ledger_settle(:workspace, :key, :state, 0, null, null, null, false, :problem)
        """),
        {
            "workspace": workspace_id,
            "key": key,
            "state": "unknown" if billed else "failed_free",
            "problem": problem[:500],
        },
    )


def left_micros(conn: Connection, lease: Lease) -> int:
    """What the campaign may still reserve."""
    return int(
        conn.execute(
            sa.text("""
                select budget_micros - spent_micros - reserved_micros
                from campaigns
                where workspace_id = :workspace and id = :campaign
            """),
            {"workspace": lease.workspace_id, "campaign": lease.campaign_id},
        ).scalar_one()
    )


def mark_simulated(conn: Connection, lease: Lease) -> None:
    """Something this campaign shows comes from a stand-in."""
    conn.execute(
        sa.text("update campaigns set simulated = true where workspace_id = :workspace and id = :campaign"),
        {"workspace": lease.workspace_id, "campaign": lease.campaign_id},
    )


def is_simulated(conn: Connection, lease: Lease) -> bool:
    """Whether anything this campaign was told came from a stand-in."""
    return bool(
        conn.execute(
            sa.text("select simulated from campaigns where workspace_id = :workspace and id = :campaign"),
            {"workspace": lease.workspace_id, "campaign": lease.campaign_id},
        ).scalar_one()
    )


def close_open(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> None:
    """A campaign ends: what is still open counts as spent, for it may have been billed."""
    conn.execute(
        sa.text("select ledger_close(:workspace, :campaign)"),
        {"workspace": workspace_id, "campaign": campaign_id},
    )


def wrong_sums(conn: Connection, most: int = 1_000_000) -> list[UUID]:
    """Campaigns whose sums do not follow from their calls; there should never be one.

    Those that run or ended within a day are looked at, and ``most`` others, which are the next ones each time.
    """
    rows = conn.execute(
        sa.text("""
            select c.id
            from (select distinct workspace_id, id from campaigns_to_check(:most)) looked_at
            join campaigns c using (workspace_id, id)
            left join lateral (
                select sum(cost_micros) as spent, sum(uncertain_micros) as uncertain
                from call_sums
                where workspace_id = c.workspace_id and campaign_id = c.id
            ) s on true
            left join (
                select workspace_id, campaign_id, sum(price_micros) as reserved
                from provider_calls
                where state = 'intent'
                group by workspace_id, campaign_id
            ) p on p.workspace_id = c.workspace_id and p.campaign_id = c.id
            where c.spent_micros <> coalesce(s.spent, 0)
                or c.reserved_micros <> coalesce(p.reserved, 0)
                or c.uncertain_micros <> coalesce(s.uncertain, 0)
                or c.spent_micros > c.budget_micros
        """),
        {"most": most},
    )
    return [row.id for row in rows]


def _identity(lease: Lease, call: Call, key: bytes) -> dict[str, Any]:
    return {
        "workspace": lease.workspace_id,
        "key": key,
        "id": new_id(),
        "campaign": lease.campaign_id,
        "provider": call.provider,
        "operation": call.operation,
        "arguments": arguments_of(call),
        "price": call.price_micros,
        "token": lease.token,
        "subject": call.subject,
    }
