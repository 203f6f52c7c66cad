"""The money ledger: a row before every paid question, and the sums that always follow from the rows.

``spent`` is what done calls cost plus the price of uncertain ones; ``reserved`` is the price of open ones; both only
change together with the state of a call.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.errors import BudgetReached
from pipeline.money.calls import Answer, Call, Json
from store.ids import new_id
from store.leases import Lease
from store.ledger_entries import Entry as Entry
from store.ledger_entries import digest
from store.ledger_entries import earlier as earlier
from store.ledger_entries import key_of as key_of
from store.ledger_entries import latest as latest


def begin(conn: Connection, lease: Lease, call: Call, attempt: int) -> bytes:
    """Reserve the price and write the intent; the caller holds the fence. Raises BudgetReached.

    A row that failed for nothing is opened again.
    """
    reserved = conn.execute(
        sa.text("""
            update campaigns
            set reserved_micros = reserved_micros + :price
            where workspace_id = :workspace
                and id = :campaign
                and spent_micros + reserved_micros + :price <= budget_micros
            returning id
        """),
        {"price": call.price_micros, "workspace": lease.workspace_id, "campaign": lease.campaign_id},
    ).one_or_none()
    if reserved is None:
        raise BudgetReached
    key = key_of(lease, call, attempt)
    conn.execute(
        sa.text("""
            insert into provider_calls (
                workspace_id, key, id, campaign_id, provider, operation, arguments, state, price_micros,
                lease_token, attempt, subject
            )
            values (
                :workspace, :key, :id, :campaign, :provider, :operation, cast(:arguments as jsonb),
                'intent', :price, :token, :attempt, :subject
            )
            on conflict (workspace_id, key)
            do update set state = 'intent', sent_at = now(), done_at = null,
                lease_token = excluded.lease_token, price_micros = excluded.price_micros, cost_micros = 0,
                error = null
            where provider_calls.state = 'failed_free'
        """),
        {**_identity(lease, call, key), "attempt": attempt},
    )
    return key


def settle(conn: Connection, workspace_id: UUID, key: bytes, answer: Answer) -> None:
    """The call is answered: what it cost is spent, the rest of its price is free again."""
    _end(
        conn,
        workspace_id,
        key,
        state="done",
        cost=answer.cost_micros,
        status=answer.http_status,
        answer=json.dumps({"body": answer.body, "simulated": answer.simulated}, ensure_ascii=False),
        found=answer.found,
        simulated=answer.simulated,
    )


def fail(conn: Connection, workspace_id: UUID, key: bytes, problem: str, *, billed: bool) -> None:
    """The call got no answer: for nothing, or perhaps billed all the same."""
    _end(conn, workspace_id, key, state="unknown" if billed else "failed_free", problem=problem[:500])


def refund(conn: Connection, workspace_id: UUID, key: bytes) -> None:
    """An answered call came to nothing and cost nothing after all; nothing happens to any other."""
    conn.execute(sa.text("select ledger_refund(:workspace, :key)"), {"workspace": workspace_id, "key": key})


def _end(conn: Connection, workspace_id: UUID, key: bytes, **values: Any) -> None:  # noqa: ANN401 - columns
    given = {"cost": 0, "status": None, "answer": None, "found": None, "simulated": False, "problem": None}
    conn.execute(
        sa.text("""
            select ledger_settle(
                :workspace, :key, :state, :cost, :status, cast(:answer as jsonb), :found, :simulated,
                :problem
            )
        """),
        {**given, **values, "workspace": workspace_id, "key": key},
    )


def note_unsent(
    conn: Connection, lease: Lease, call: Call, state: str, answer: Mapping[str, Json] | None
) -> None:
    """Write down a call that needed no sending: ``held`` in the shared cache, or ``spared`` by a free check."""
    key = (
        key_of(lease, call, 1)
        if state == "held"
        else digest("spared", lease.campaign_id, call.arguments, call.subject)
    )
    added = conn.execute(
        sa.text("""
            insert into provider_calls (
                workspace_id, key, id, campaign_id, provider, operation, arguments, state, price_micros,
                saved_micros, lease_token, subject, response, found, done_at
            )
            values (
                :workspace, :key, :id, :campaign, :provider, :operation, cast(:arguments as jsonb), :state,
                0, :price, :token, :subject, cast(:answer as jsonb), true, now()
            )
            on conflict do nothing
            returning key
        """),
        {
            **_identity(lease, call, key),
            "state": state,
            "answer": None if answer is None else json.dumps(answer, ensure_ascii=False),
        },
    ).one_or_none()
    if added is not None:
        is_simulated = bool(answer and answer.get("simulated"))
        conn.execute(
            sa.text("""
                update campaigns
                set saved_micros = saved_micros + :price, simulated = simulated or :simulated
                where workspace_id = :workspace and id = :campaign
            """),
            {
                "price": call.price_micros,
                "simulated": is_simulated,
                "workspace": lease.workspace_id,
                "campaign": lease.campaign_id,
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


def wrong_sums(conn: Connection) -> list[UUID]:
    """Campaigns whose sums do not follow from their calls; there should never be one."""
    rows = conn.execute(
        sa.text("""
            select c.id
            from campaigns c
            left join (
                select workspace_id, campaign_id, sum(cost_micros) as spent,
                    sum(price_micros) filter (where state = 'intent') as reserved,
                    sum(cost_micros) filter (where state = 'unknown') as uncertain
                from provider_calls
                group by workspace_id, campaign_id
            ) p on p.workspace_id = c.workspace_id and p.campaign_id = c.id
            where c.spent_micros <> coalesce(p.spent, 0)
                or c.reserved_micros <> coalesce(p.reserved, 0)
                or c.uncertain_micros <> coalesce(p.uncertain, 0)
                or c.spent_micros > c.budget_micros
        """)
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
        "arguments": json.dumps(call.arguments, ensure_ascii=False, sort_keys=True),
        "price": call.price_micros,
        "token": lease.token,
        "subject": call.subject,
    }
