"""Whom to call next: companies of the book with a phone number that nobody has to wait for or is done with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from store import book_order, keyset
from store.book_search import BookSearch
from store.keyset import Key
from store.lead_orders import LeadSort, order_of
from store.lead_rows import lead_of
from store.lead_where import LeadWhere, TeamStatus
from store.leads import StoredLead
from store.tables import leads

_DONE = (TeamStatus.WON, TeamStatus.LOST)
_LAST = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Callable:
    """A company that can be called; ``is_due`` says of it that its follow-up is today or was before."""

    company_id: UUID
    stored: StoredLead
    follow_up_on: date | None
    is_due: bool
    read_at: datetime


def upcoming(
    conn: Connection,
    workspace_id: UUID,
    where: LeadWhere,
    sort: LeadSort,
    skipped: Sequence[UUID],
    limit: int,
) -> list[Callable]:
    """At most ``limit`` companies that are due, the longest first, and as many without a follow-up, in ``sort``; those
    that are won or lost are among them only where the filter names that status."""
    which = (
        leads.c.phone.is_not(None),
        leads.c.company_id.not_in(skipped),
        *(() if where.team_status else [leads.c.team_status.not_in(_DONE)]),
    )
    due = BookSearch(workspace_id, where, (*which, leads.c.follow_up_on <= where.today))
    fresh = BookSearch(workspace_id, where, (*which, leads.c.follow_up_on.is_(None)))
    parts = [book_order.chosen(due, LeadSort.FOLLOW_UP, 0, limit), book_order.chosen(fresh, sort, 0, limit)]
    either = sa.union_all(*(sa.select(part.c.id) for part, _ in parts)).subquery()
    order = order_of(sort)
    query = (
        sa.select(leads, sa.func.now().label("read_at"))
        .join(either, either.c.id == leads.c.id)
        .where(leads.c.workspace_id == workspace_id)
    )
    keys = (Key(sa.func.coalesce(leads.c.follow_up_on, _LAST)), order.key, Key(leads.c.id))
    return [_callable(row) for row in conn.execute(keyset.page(query, keys, None, None))]


def _callable(row: Row[Any]) -> Callable:
    return Callable(
        company_id=row.company_id,
        stored=StoredLead(id=row.id, lead=lead_of(row)),
        follow_up_on=row.follow_up_on,
        is_due=row.follow_up_on is not None,
        read_at=row.read_at,
    )


def phone(conn: Connection, workspace_id: UUID, company_id: UUID) -> str | None:
    """The number of a company."""
    found: str | None = conn.execute(
        sa.text("""
            select phone
            from leads
            where workspace_id = :workspace
                and company_id = :company
                and is_current
        """),
        {"workspace": workspace_id, "company": company_id},
    ).scalar_one_or_none()
    return found
