"""Leads as people read them: filtered, sorted and paged in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.lead import Business, EmailStatus, Lead
from store import keyset
from store.conditions import contains, is_given
from store.keyset import Key
from store.lead_rows import lead_of
from store.tables import leads


class LeadSort(StrEnum):
    """The orders a list of leads can have."""

    CONFIDENCE = "confidence"
    NAME = "name"
    CATEGORY = "category"
    CITY = "city"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWhere:
    """Which leads: every part that is set must hold; ``text`` is looked for literally."""

    text: str | None = None
    category: str | None = None
    min_confidence: int = 0
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


@dataclass(frozen=True, slots=True)
class _Order:
    """The key of an order, and how to read it back from the text a cursor carries."""

    key: Key
    read: Callable[[str], object] = str


# A lead without a city comes last: behind the last code point there is.
_CITY = sa.func.lower(sa.func.coalesce(leads.c.city, sa.func.chr(0x10FFFD)))
_ORDERS = {
    LeadSort.CONFIDENCE: _Order(Key(leads.c.confidence, descending=True), int),
    LeadSort.NAME: _Order(Key(sa.func.lower(leads.c.name))),
    LeadSort.CATEGORY: _Order(Key(leads.c.category)),
    LeadSort.CITY: _Order(Key(_CITY)),
}
_SEARCHED = (leads.c.name, leads.c.address, leads.c.phone, leads.c.website, leads.c.email)


def page(
    conn: Connection,
    campaign: tuple[UUID, UUID],
    where: LeadWhere,
    sort: LeadSort,
    after: tuple[str, UUID] | None,
    limit: int | None,
) -> list[tuple[str, StoredLead]]:
    """Leads of ``campaign`` (workspace and id) with each one's sort key, from just after ``after``.

    A position that is none of this order starts from the top. ``limit`` None means all of them: a campaign holds at
    most a thousand.
    """
    order = _ORDERS[sort]
    query = sa.select(order.key.value.label("sort_key"), leads).where(
        *_of_campaign(campaign), *conditions(where)
    )
    rows = conn.execute(keyset.page(query, (order.key, Key(leads.c.id)), _position(order, after), limit))
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
    if where.status:
        yield leads.c.email_status == where.status
    given = (
        (leads.c.phone, where.has_phone),
        (leads.c.website, where.has_website),
        (leads.c.email, where.has_email),
    )
    for column, wanted in given:
        if wanted is not None:
            yield is_given(column, wanted)


def _of_campaign(campaign: tuple[UUID, UUID]) -> tuple[sa.ColumnElement[bool], ...]:
    workspace_id, campaign_id = campaign
    return leads.c.workspace_id == workspace_id, leads.c.campaign_id == campaign_id


def _position(order: _Order, after: tuple[str, UUID] | None) -> tuple[object, UUID] | None:
    if after is None:
        return None
    try:
        return order.read(after[0]), after[1]
    except ValueError:
        return None


def _lead(row: Row[Any]) -> StoredLead:
    return StoredLead(id=row.id, lead=lead_of(row))
