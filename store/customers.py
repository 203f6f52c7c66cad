"""Customers among what a campaign finds and stores: companies that stand on a list somebody uploaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.company_keys import Stand
from pipeline.lead import Business
from pipeline.listed_companies import keys_of_company
from store.leases import Lease
from store.suppressions import hashed


def mark(
    conn: Connection, lease: Lease, businesses: Sequence[Business], company_of: Mapping[str, UUID]
) -> None:
    """Put the companies of these businesses on the lists of customers that name them."""
    keys = [
        (hashed(value), company_of[business.key])
        for business in businesses
        for value in keys_of_company(business)
    ]
    conn.execute(
        sa.text("""
            insert into list_members (workspace_id, list_id, company_id, external_id)
            select distinct on (k.list_id, given.company) :workspace, k.list_id, given.company, k.external_id
            from unnest(cast(:hashes as bytea[]), cast(:companies as uuid[])) as given (key_hash, company)
            join list_keys k on k.workspace_id = :workspace and k.key_hash = given.key_hash
            join lists l on l.workspace_id = k.workspace_id and l.id = k.list_id and l.kind = 'customers'
            order by k.list_id, given.company, k.row_number
            on conflict do nothing
        """),
        {
            "workspace": lease.workspace_id,
            "hashes": [key for key, _ in keys],
            "companies": [company for _, company in keys],
        },
    )


def named(conn: Connection, workspace_id: UUID, values: Sequence[str]) -> frozenset[str]:
    """Those of the values by which a list of customers names somebody."""
    by_hash = {hashed(value): value for value in values}
    rows = conn.execute(
        sa.text("""
            select distinct k.key_hash
            from list_keys k
            join lists l on l.workspace_id = k.workspace_id and l.id = k.list_id
            where k.workspace_id = :workspace
                and k.key_hash = any(:hashes)
                and l.kind = 'customers'
                and l.removed_at is null
        """),
        {"workspace": workspace_id, "hashes": list(by_hash)},
    )
    return frozenset(by_hash[bytes(row.key_hash)] for row in rows)


def stands(conn: Connection, workspace_id: UUID, keys: Sequence[bytes]) -> dict[bytes, Stand]:
    """Where the customers of the book stand that keys lead to, by key."""
    rows = conn.execute(
        sa.text("""
            select k.key_hash, l.lat, l.lon
            from company_keys k
            join leads l on l.workspace_id = k.workspace_id
                and l.company_id = k.company_id
                and l.is_current
            where k.workspace_id = :workspace and k.key_hash = any(:keys) and l.is_customer
        """),
        {"workspace": workspace_id, "keys": list(keys)},
    )
    return {bytes(row.key_hash): Stand(row.lat, row.lon) for row in rows}


def are_any(conn: Connection, workspace_id: UUID) -> bool:
    """Whether the workspace keeps a list of customers."""
    return bool(
        conn.execute(
            sa.text("""
                select exists (
                    select
                    from lists
                    where workspace_id = :workspace
                        and kind = 'customers'
                        and state in ('storing', 'kept')
                        and removed_at is null
                )
            """),
            {"workspace": workspace_id},
        ).scalar_one()
    )
