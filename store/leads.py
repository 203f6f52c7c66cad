"""Leads as people read them: filtered, sorted and paged in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.lead import Business, Lead
from store import keyset
from store.keyset import Key
from store.lead_orders import LeadSort as LeadSort
from store.lead_orders import Order, order_of
from store.lead_rows import COLUMNS, Reader, lead_of
from store.lead_where import LeadWhere as LeadWhere
from store.lead_where import conditions, of_campaign
from store.tables import campaigns, leads

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLead:
    """A lead with its id."""

    id: UUID
    lead: Lead

    @property
    def business(self) -> Business:
        return self.lead.business


def page(
    conn: Connection,
    campaign: tuple[UUID, UUID],
    where: LeadWhere,
    sort: LeadSort,
    after: tuple[str, UUID] | int | None,
    limit: int | None,
) -> list[tuple[str, StoredLead]]:
    """Leads of ``campaign`` (workspace and id) with each one's sort key, from just after ``after``, which is
    a position or a number of leads.

    A position that is none of this order starts from the top. ``limit`` None means all of them: a campaign holds at
    most a thousand.
    """
    order = order_of(sort)
    scope = of_campaign(campaign)
    query = (
        sa.select(order.key.value.label("sort_key"), leads.c.id, *COLUMNS)
        .select_from(scope.tables)
        .where(*conditions(scope, where))
    )
    keys = (order.key, Key(leads.c.id))
    if isinstance(after, int):
        rows = conn.execute(keyset.page(query, keys, None, limit).offset(after))
    else:
        rows = conn.execute(keyset.page(query, keys, _position(order, after), limit))
    reader = Reader()
    return [
        (str(row[0]), StoredLead(id=row[1], lead=reader.lead_of(row)))
        for part in rows.partitions(_AT_ONCE)
        for row in part
    ]


def count(conn: Connection, campaign: tuple[UUID, UUID], where: LeadWhere) -> int:
    """How many leads match."""
    scope = of_campaign(campaign)
    query = sa.select(sa.func.count()).select_from(scope.tables).where(*conditions(scope, where))
    return int(conn.execute(query).scalar_one())


def totals(conn: Connection, campaign: tuple[UUID, UUID], where: LeadWhere) -> tuple[int, int] | None:
    """How many leads the campaign has, and how many match; None when there is no such campaign."""
    scope = of_campaign(campaign)
    matching = sa.select(sa.func.count()).select_from(scope.tables).where(*conditions(scope, where))
    query = sa.select(campaigns.c.lead_count, matching.scalar_subquery().label("matching")).where(
        campaigns.c.workspace_id == campaign[0],
        campaigns.c.id == campaign[1],
        campaigns.c.deleted_at.is_(None),
    )
    row = conn.execute(query).one_or_none()
    return None if row is None else (row.lead_count, row.matching)


def get(conn: Connection, campaign: tuple[UUID, UUID], lead_id: UUID) -> StoredLead | None:
    """One lead of the campaign."""
    workspace_id, campaign_id = campaign
    query = sa.select(leads).where(
        leads.c.workspace_id == workspace_id, leads.c.campaign_id == campaign_id, leads.c.id == lead_id
    )
    row = conn.execute(query).one_or_none()
    return None if row is None else StoredLead(id=row.id, lead=lead_of(row))


def _position(order: Order, after: tuple[str, UUID] | None) -> tuple[object, UUID] | None:
    if after is None:
        return None
    try:
        return order.read(after[0]), after[1]
    except ValueError:
        return None
