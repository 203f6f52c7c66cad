"""Calls of the ledger that needed no sending: what each would have cost is money saved."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.money.calls import Call, Json
from store.ids import new_id
from store.leases import Lease
from store.ledger_entries import digest, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An answer kept for everybody, and the attempt of the campaign at the same question that it makes needless."""

    call: Call
    answer: Mapping[str, Json]
    attempt: int = 1


def note_held(conn: Connection, lease: Lease, answers: Sequence[Held]) -> None:
    """Write down calls that answers kept for everybody made needless; what each would have cost is saved, once."""
    once = {key_of(lease, item.call, item.attempt): item for item in answers}
    noted = [_row(item.call, key, item.answer, item.attempt) for key, item in once.items()]
    _note(conn, lease, "held", noted, simulated=any(bool(item.answer.get("simulated")) for item in answers))


def note_spared(conn: Connection, lease: Lease, call: Call, why: str) -> None:
    """Write down a call that a free check made needless."""
    key = digest("spared", lease.campaign_id, call.arguments, call.subject)
    _note(conn, lease, "spared", [_row(call, key, {"body": why}, 1)], simulated=False)


def _row(call: Call, key: bytes, answer: Mapping[str, Json], attempt: int) -> dict[str, object]:
    return {
        "key": key.hex(),
        "id": str(new_id()),
        "provider": call.provider,
        "operation": call.operation,
        "arguments": call.arguments,
        "price": call.price_micros,
        "attempt": attempt,
        "subject": call.subject,
        "answer": answer,
    }


_NOTE = sa.text("""
    with locked as (
        select id
        from campaigns
        where workspace_id = :workspace and id = :campaign
        for no key update
    ),
    added as (
        insert into provider_calls (
            workspace_id, key, id, campaign_id, provider, operation, arguments, state, price_micros,
            saved_micros, lease_token, attempt, subject, response, found, done_at
        )
        select :workspace, decode(n.key, 'hex'), n.id, locked.id, n.provider, n.operation, n.arguments,
            :state, 0, n.price, :token, n.attempt, n.subject, n.answer, true, now()
        from locked, jsonb_to_recordset(cast(:noted as jsonb)) as n (
            key text, id uuid, provider text, operation text, arguments jsonb, price bigint, attempt integer,
            subject text, answer jsonb
        )
        on conflict (workspace_id, key) do update
        set state = excluded.state, price_micros = 0, cost_micros = 0, error = null,
            saved_micros = excluded.saved_micros, response = excluded.response, found = true, done_at = now()
        where provider_calls.state = 'failed_free'
        returning saved_micros
    )
    update campaigns
    set saved_micros = saved_micros + (select coalesce(sum(a.saved_micros), 0) from added a),
        simulated = simulated or :simulated
    where workspace_id = :workspace and id = :campaign
""")


def _note(
    conn: Connection, lease: Lease, state: str, noted: Sequence[Mapping[str, object]], *, simulated: bool
) -> None:
    conn.execute(
        _NOTE,
        {
            "workspace": lease.workspace_id,
            "campaign": lease.campaign_id,
            "token": lease.token,
            "state": state,
            "simulated": simulated,
            "noted": json.dumps(noted, ensure_ascii=False),
        },
    )
