"""The book of a workspace: the newest lead of every company, with what the team says of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from store import book_order, keyset
from store.book_search import MOST_COUNTED as MOST_COUNTED
from store.book_search import BookSearch
from store.keyset import Key
from store.lead_marks import Mark, probed
from store.lead_orders import LeadSort, order_of
from store.lead_rows import COLUMNS, Reader, lead_of
from store.lead_where import LeadWhere, TeamStatus, conditions, of_book
from store.leads import StoredLead
from store.tables import campaigns, leads

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEntry:
    """A company as the book shows it: its newest lead, the campaign that one is of, what the team says, and whether it
    is on the suppression list."""

    company_id: UUID
    campaign_id: UUID
    stored: StoredLead
    status: TeamStatus
    owner_id: UUID | None
    follow_up_on: date | None
    tags: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    is_suppressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRows:
    """Some companies of the book; ``matching`` is at most one more than ``MOST_COUNTED``."""

    entries: tuple[BookEntry, ...]
    matching: int


def page(
    conn: Connection, workspace_id: UUID, where: LeadWhere, sort: LeadSort, offset: int, limit: int
) -> BookRows:
    """Companies behind so many others, and how many there are."""
    rows = conn.execute(page_of(workspace_id, where, sort, offset, limit)).all()
    return BookRows(
        entries=tuple(_entry(row) for row in rows if row.id is not None), matching=rows[0].matching
    )


def page_of(
    workspace_id: UUID,
    where: LeadWhere,
    sort: LeadSort,
    offset: int,
    limit: int,
    most: int = MOST_COUNTED,
) -> sa.Select[Any]:
    """What ``page`` reads: few that match are sorted; of many, or of all, the first ones are met soon in the order of
    an index. More than ``most`` are many. One row without a lead when there is none."""
    search = BookSearch(workspace_id, where, most=most)
    chosen, counted = book_order.chosen(search, sort, offset, limit)
    its_lead = sa.and_(leads.c.workspace_id == workspace_id, leads.c.id == chosen.c.id)
    is_suppressed = probed(workspace_id)(Mark.SUPPRESSED, True).label("is_suppressed")
    return (
        sa.select(counted.c.n.label("matching"), leads, is_suppressed)
        .select_from(counted.outerjoin(chosen, sa.true()).outerjoin(leads, its_lead))
        .order_by(chosen.c.part, chosen.c.place)
    )


def every(
    conn: Connection, workspace_id: UUID, where: LeadWhere, sort: LeadSort, simulated: Collection[UUID] = ()
) -> Iterator[Sequence[tuple[bool, StoredLead]]]:
    """All that match, each with whether it is of one of the campaigns ``simulated``, in parts: the database holds the
    others meanwhile, and all are as they were when the first one was read."""
    order = order_of(sort)
    query = sa.select(*_read(simulated)).where(*matching(workspace_id, where))
    keys = (order.key, Key(leads.c.id, descending=order.key.descending))
    return _in_parts(conn, keyset.page(query, keys, None, None))


def some(
    conn: Connection, workspace_id: UUID, where: LeadWhere
) -> Iterator[Sequence[tuple[bool, StoredLead]]]:
    """The same of at most ``MOST_COUNTED`` that match, in no order."""
    return _in_parts(conn, BookSearch(workspace_id, where).some(_read(()), MOST_COUNTED))


def simulated_campaigns(conn: Connection, workspace_id: UUID) -> frozenset[UUID]:
    """The campaigns of the workspace that a stand-in answered."""
    rows = conn.execute(
        sa.text("select id from campaigns where workspace_id = :workspace and simulated"),
        {"workspace": workspace_id},
    )
    return frozenset(rows.scalars())


def holds_simulated(conn: Connection, workspace_id: UUID, where: LeadWhere) -> bool:
    """Whether any lead that matches is of a campaign that a stand-in answered."""
    is_of = sa.and_(campaigns.c.workspace_id == leads.c.workspace_id, campaigns.c.id == leads.c.campaign_id)
    query = sa.select(sa.literal(1)).select_from(leads.join(campaigns, is_of))
    found = query.where(*matching(workspace_id, where), campaigns.c.simulated).exists()
    return bool(conn.execute(sa.select(found)).scalar_one())


def count(conn: Connection, workspace_id: UUID, where: LeadWhere) -> int:
    """How many companies match, at most one more than ``MOST_COUNTED``."""
    some = BookSearch(workspace_id, where).some([sa.literal(1).label("one")], MOST_COUNTED + 1)
    return int(conn.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one())


def count_all(conn: Connection, workspace_id: UUID, where: LeadWhere) -> int:
    """How many companies match, however many: it takes longer the more they are."""
    query = sa.select(sa.func.count()).select_from(leads).where(*matching(workspace_id, where))
    return int(conn.execute(query).scalar_one())


def company_ids(conn: Connection, workspace_id: UUID, where: LeadWhere) -> list[UUID]:
    """The companies that match, at most ``MOST_COUNTED``."""
    query = BookSearch(workspace_id, where).some([leads.c.company_id], MOST_COUNTED)
    return list(conn.execute(query).scalars())


def matching(workspace_id: UUID, where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    """What has to hold of a lead of the book."""
    return conditions(of_book(workspace_id), where)


def _read(simulated: Collection[UUID]) -> tuple[sa.ColumnElement[Any], ...]:
    # Not the campaign itself: an id of each row takes the driver as long as all its texts.
    return leads.c.campaign_id.in_(simulated).label("is_simulated"), leads.c.id, *COLUMNS


def _in_parts(conn: Connection, query: sa.Select[Any]) -> Iterator[Sequence[tuple[bool, StoredLead]]]:
    found = conn.execute(query, execution_options={"yield_per": _AT_ONCE})
    for part in found.partitions():
        reader = Reader()
        yield [(row[0], StoredLead(id=row[1], lead=reader.lead_of(row))) for row in part]


def _entry(row: Row[Any]) -> BookEntry:
    return BookEntry(
        company_id=row.company_id,
        campaign_id=row.campaign_id,
        stored=StoredLead(id=row.id, lead=lead_of(row)),
        status=TeamStatus(row.team_status),
        owner_id=row.owner_id,
        follow_up_on=row.follow_up_on,
        tags=tuple(row.tags),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.updated_at,
        is_suppressed=row.is_suppressed,
    )
