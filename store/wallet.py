"""The wallet of a workspace: written by what asks Stripe and by calls alone, kept by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletRow:
    """In micro-dollars: what is in it, less the price of calls on their way; what is owed to it; and what open
    campaigns may still spend beside. ``is_used``: something was paid in once."""

    balance_micros: int
    owed_micros: int
    promised_micros: int
    is_used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """A payment, or all that one campaign spent: ``kind`` is ``top_up``, ``refund``, ``dispute`` or ``spend``.
    ``campaign`` is its title; ``at``: the last of it."""

    kind: str
    micros: int
    campaign: str | None
    at: datetime


def standing(conn: Connection, workspace_id: UUID) -> WalletRow | None:
    """How it stands; None where wallets are not kept."""
    row = conn.execute(
        sa.text("select * from app_wallet(:workspace)"), {"workspace": workspace_id}
    ).one_or_none()
    return None if row is None else WalletRow(**row._mapping)


def entries(conn: Connection, workspace_id: UUID, most: int) -> list[EntryRow]:
    """What became of it in 90 days, the newest first; calls that gave all of their price back are left out."""
    rows = conn.execute(
        sa.text("""
            select e.kind, sum(e.micros)::bigint as micros, min(c.title) as campaign, max(e.at) as at
            from wallet_entries e
            left join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
            where e.workspace_id = :workspace and e.at > now() - interval '90 days'
            group by e.kind, e.campaign_id, case when e.campaign_id is null then e.id end
            having sum(e.micros) <> 0
            order by max(e.at) desc, max(e.id) desc
            limit :most
        """),
        {"workspace": workspace_id, "most": most},
    )
    return [EntryRow(**row._mapping) for row in rows]
