"""What a call that was sent came to after all, as its provider states it later."""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.money.calls import Answer, Call
from store.leases import Lease
from store.ledger_entries import latest


def restate(conn: Connection, lease: Lease, call: Call, answer: Answer) -> None:
    """The answer, and a cost of at most what the call counted as, for its newest attempt; the sums follow."""
    entry = latest(conn, lease, call)
    if entry is None:
        return
    conn.execute(
        sa.text("""
            select ledger_restate(:workspace, :key, :cost, cast(:answer as jsonb), :found, :simulated)
        """),
        {
            "workspace": lease.workspace_id,
            "key": entry.key,
            "cost": answer.cost_micros,
            "answer": json.dumps({"body": answer.body, "simulated": answer.simulated}, ensure_ascii=False),
            "found": answer.found,
            "simulated": answer.simulated,
        },
    )
