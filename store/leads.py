"""Leads as people read them: filtered, sorted and paged in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.lead import Business, EmailStatus, Lead
from store import keyset
from store.conditions import contains, is_given
from store.keyset import Key
from store.lead_orders import LeadSort as LeadSort
from store.lead_orders import Order, order_of
from store.lead_rows import lead_of
from store.tables import leads


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWhere:
    """Which leads: every part that is set must hold; ``text`` is looked for literally.

    ``has_email`` asks for an address that may reach somebody: one whose mailbox does not exist is none.
    """

    text: str | None = None
    category: str | None = None
    min_confidence: int = 0
    min_reach: int = 0
    has_phone: bool | None = None
    has_website: bool | None = None
    has_email: bool | None = None
    status: EmailStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLead:
    """A lead with its id."""

    id: UUID
    lead: Lead

    @property
    def business(self) -> Business:
        return self.lead.business


_SEARCHED = (leads.c.name, leads.c.address, leads.c.phone, leads.c.website, leads.c.email)


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
    query = sa.select(order.key.value.label("sort_key"), leads).where(
        *_of_campaign(campaign), *conditions(where)
    )
    keys = (order.key, Key(leads.c.id))
    if isinstance(after, int):
        rows = conn.execute(keyset.page(query, keys, None, limit).offset(after))
    else:
        rows = conn.execute(keyset.page(query, keys, _position(order, after), limit))
    return [(str(row.sort_key), _lead(row)) for row in rows]


def count(conn: Connection, campaign: tuple[UUID, UUID], where: LeadWhere) -> int:
    """How many leads match."""
    query = sa.select(sa.func.count()).select_from(leads)
    return int(conn.execute(query.where(*_of_campaign(campaign), *conditions(where))).scalar_one())


def get(conn: Connection, campaign: tuple[UUID, UUID], lead_id: UUID) -> StoredLead | None:
    """One lead of the campaign."""
    query = sa.select(leads).where(*_of_campaign(campaign), leads.c.id == lead_id)
    row = conn.execute(query).one_or_none()
    return None if row is None else _lead(row)


def categories(conn: Connection, campaign: tuple[UUID, UUID]) -> list[tuple[str, int]]:
    """The categories of the campaign's leads with their counts, most frequent first."""
    rows = conn.execute(
        sa.text("""
            select category, count(*) as leads
            from leads
            where workspace_id = :workspace and campaign_id = :campaign
            group by category
            order by leads desc, category
        """),
        {"workspace": campaign[0], "campaign": campaign[1]},
    )
    return [(row.category, row.leads) for row in rows]


def conditions(where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    """What has to hold of a lead, one condition for each part that is set."""
    if where.text:
        yield contains(sa.func.concat_ws(" ", *_SEARCHED), where.text)
    if where.category:
        yield leads.c.category == where.category
    if where.min_confidence:
        yield leads.c.confidence >= where.min_confidence
    if where.min_reach:
        yield leads.c.reach >= where.min_reach
    if where.status:
        yield leads.c.email_status == where.status
    yield from _given(where)


def _given(where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    for column, wanted in ((leads.c.phone, where.has_phone), (leads.c.website, where.has_website)):
        if wanted is not None:
            yield is_given(column, wanted)
    if where.has_email is not None:
        reaches = sa.and_(is_given(leads.c.email, True), leads.c.email_status != EmailStatus.INVALID)
        yield reaches if where.has_email else sa.not_(reaches)


def _of_campaign(campaign: tuple[UUID, UUID]) -> tuple[sa.ColumnElement[bool], ...]:
    workspace_id, campaign_id = campaign
    return leads.c.workspace_id == workspace_id, leads.c.campaign_id == campaign_id


def _position(order: Order, after: tuple[str, UUID] | None) -> tuple[object, UUID] | None:
    if after is None:
        return None
    try:
        return order.read(after[0]), after[1]
    except ValueError:
        return None


def _lead(row: Row[Any]) -> StoredLead:
    return StoredLead(id=row.id, lead=lead_of(row))
