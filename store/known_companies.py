"""Which companies of a workspace's book the businesses of an order are, before anything is asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.company_keys import Stand
from store.leases import Lease


def stands(
    conn: Connection, workspace_id: UUID, keys: Sequence[bytes], but_of: UUID | None = None
) -> dict[bytes, Stand]:
    """Where the companies stand that keys lead to, by key; without those that only the campaign ``but_of`` found."""
    rows = conn.execute(
        sa.text("""
            select k.key_hash, l.lat, l.lon
            from company_keys k
            join leads l on l.workspace_id = k.workspace_id
                and l.company_id = k.company_id
                and l.is_current
            where k.workspace_id = :workspace
                and k.key_hash = any(:keys)
                and (
                    cast(:campaign as uuid) is null
                    or l.campaign_id <> :campaign
                    or exists (
                        select 1
                        from leads o
                        where o.workspace_id = k.workspace_id
                            and o.company_id = k.company_id
                            and o.campaign_id <> :campaign
                    )
                )
        """),
        {"workspace": workspace_id, "keys": list(keys), "campaign": but_of},
    )
    return {bytes(row.key_hash): Stand(row.lat, row.lon) for row in rows}


def placed_at(conn: Connection, lease: Lease) -> datetime:
    """When the campaign was ordered: one that refreshes uses no answer to a look-up from before."""
    at: datetime = conn.execute(
        sa.text("select created_at from campaigns where workspace_id = :workspace and id = :id"),
        {"workspace": lease.workspace_id, "id": lease.campaign_id},
    ).scalar_one()
    return at


def is_any(conn: Connection, workspace_id: UUID) -> bool:
    """Whether there is a company in the book."""
    return bool(
        conn.execute(
            sa.text("select exists (select 1 from companies where workspace_id = :workspace)"),
            {"workspace": workspace_id},
        ).scalar_one()
    )
