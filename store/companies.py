"""The companies of a workspace's book: found again or made when a campaign stores their leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.company_keys import CompanyKey, company_keys, stand_apart
from pipeline.lead import BOOK_COMPANY, Business
from store import customers, locks
from store.ids import new_id
from store.leases import Lease


@dataclass(frozen=True, slots=True)
class _Known:
    """A company a key leads to: where its newest lead stands, and which business of this campaign it is already."""

    id: UUID
    lat: float | None
    lon: float | None
    taken_by: str | None


def of_businesses(conn: Connection, lease: Lease, businesses: Sequence[Business]) -> dict[str, UUID]:
    """The company of each business, by the ``key`` of the business; who is not known yet is added.

    Until the transaction ends, nobody else finds or adds companies of the workspace: two campaigns that meet a new
    company at the same time make one of it.
    """
    keys = {business.key: company_keys(business) for business in businesses}
    locks.hold_companies(conn, lease.workspace_id)
    known = _known(conn, lease, (key.hashed for each in keys.values() for key in each))
    chosen: dict[str, UUID] = {}
    for business in businesses:
        named = business.details.get(BOOK_COMPANY)
        chosen[business.key] = (
            UUID(named)
            if named
            else _chosen(business, keys[business.key], known, set(chosen.values())) or new_id()
        )
    _add(conn, lease, chosen, keys)
    customers.mark(conn, lease, businesses, chosen)
    return chosen


def step_aside(conn: Connection, lease: Lease, companies: Iterable[UUID]) -> None:
    """The leads other campaigns have of these companies are no longer what the book shows of them."""
    conn.execute(
        sa.text("""
            update leads
            set is_current = false
            where workspace_id = :workspace
                and company_id = any(:companies)
                and campaign_id <> :campaign
                and is_current
        """),
        {
            "workspace": lease.workspace_id,
            "campaign": lease.campaign_id,
            "companies": list(companies),
        },
    )


def _known(conn: Connection, lease: Lease, hashes: Iterable[bytes]) -> dict[bytes, _Known]:
    rows = conn.execute(
        sa.text("""
            select k.key_hash, k.company_id, l.lat, l.lon, b.match_key
            from company_keys k
            left join leads l on l.workspace_id = k.workspace_id
                and l.company_id = k.company_id
                and l.is_current
            left join leads own on own.workspace_id = k.workspace_id
                and own.company_id = k.company_id
                and own.campaign_id = :campaign
            left join businesses b on b.workspace_id = own.workspace_id
                and b.id = own.business_id
            where k.workspace_id = :workspace
                and k.key_hash = any(:hashes)
        """),
        {
            "workspace": lease.workspace_id,
            "campaign": lease.campaign_id,
            "hashes": list(dict.fromkeys(hashes)),
        },
    )
    return {bytes(row.key_hash): _Known(row.company_id, row.lat, row.lon, row.match_key) for row in rows}


def _chosen(
    business: Business, keys: Sequence[CompanyKey], known: Mapping[bytes, _Known], taken: set[UUID]
) -> UUID | None:
    """The company the surest key leads to, unless it is another business of the same campaign."""
    matches = [(key, known[key.hashed]) for key in keys if key.is_sought and key.hashed in known]
    for _, company in matches:
        if company.taken_by == business.key:
            return company.id
    for key, company in matches:
        is_free = company.taken_by is None and company.id not in taken
        apart = stand_apart(business.lat, business.lon, company.lat, company.lon)
        if is_free and not (key.needs_nearness and apart):
            return company.id
    return None


def _add(
    conn: Connection,
    lease: Lease,
    chosen: Mapping[str, UUID],
    keys: Mapping[str, Sequence[CompanyKey]],
) -> None:
    pairs = [(key.hashed, chosen[business]) for business, each in keys.items() for key in each]
    conn.execute(
        sa.text("""
            with added as (
                insert into companies (workspace_id, id)
                select :workspace, company
                from unnest(cast(:companies as uuid[])) as company
                order by company
                on conflict (workspace_id, id) do update set last_seen_at = now()
                returning id
            )
            insert into company_keys (workspace_id, key_hash, company_id)
            select :workspace, given.key_hash, given.company
            from unnest(cast(:hashes as bytea[]), cast(:owners as uuid[])) as given (key_hash, company)
            join added on added.id = given.company
            on conflict do nothing
        """),
        {
            "workspace": lease.workspace_id,
            "companies": list(chosen.values()),
            "hashes": [hashed for hashed, _ in pairs],
            "owners": [company for _, company in pairs],
        },
    )
