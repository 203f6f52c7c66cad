"""The lead book: every company the workspace's campaigns have found, with what the team did about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services import crm_standing, lead_choices
from services.campaigns import owned
from services.crm_standing import Standing
from services.errors import NotFound
from services.identity import Person
from services.lead_choices import LeadChoices
from services.lead_filter import FollowUp as FollowUp
from services.lead_filter import LeadFilter
from services.lead_filter import TeamStatus as TeamStatus
from services.lead_rows import LeadRow, row_of
from services.results import LeadDetail, LeadSort, detail_of
from store import book, book_work, limits, one_company
from store.book import MOST_COUNTED as MOST_COUNTED
from store.book import BookEntry
from store.book_work import Activity as Activity
from store.book_work import Sighting as Sighting
from store.database import Connection, Role, transaction
from store.lead_where import LeadWhere
from store.leads import StoredLead
from store.one_company import CompanyRecord
from store.one_company import Edit as Edit

_MAX_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRow:
    """One line of the book; ``owner`` is the e-mail address of the person it belongs to. ``is_suppressed``: the company
    is on the suppression list."""

    company_id: UUID
    campaign_id: UUID
    lead: LeadRow
    status: TeamStatus
    owner: str | None
    owner_id: UUID | None
    follow_up_on: date | None
    tags: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    is_suppressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """A page of the book; ``matching`` is at most one more than ``MOST_COUNTED``."""

    rows: tuple[CompanyRow, ...]
    has_more: bool
    matching: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """A page of the book, each company with its lead as it is stored."""

    rows: tuple[tuple[CompanyRow, StoredLead], ...]
    has_more: bool
    matching: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everything known about one company: a lead of it, what was done and corrected, and the campaigns that found it.

    ``people`` are those who can own it, by id; ``tags`` all of the book; ``read_at`` is when it was read.
    ``is_customer``: it stands on a list of customers. ``exported_at`` is when it last left in a file,
    ``handed_over`` how it stands in the connected customer systems; ``is_mentioned``: notes name whoever looks, who has
    not read them."""

    row: CompanyRow
    detail: LeadDetail
    activities: tuple[Activity, ...]
    sightings: tuple[Sighting, ...]
    edits: tuple[Edit, ...]
    people: tuple[tuple[UUID, str], ...]
    tags: tuple[str, ...]
    read_at: datetime
    is_customer: bool
    exported_at: datetime | None
    handed_over: tuple[Standing, ...]
    is_mentioned: bool


def companies(
    person: Person, filter: LeadFilter, sort: LeadSort, today: date, offset: int = 0, limit: int = 50
) -> BookPage:
    """A page of the book behind so many companies."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = part(conn, person, filter.where(today), sort, offset, limit)
    rows = tuple(row for row, _ in found.rows)
    return BookPage(rows=rows, has_more=found.has_more, matching=found.matching)


def part(
    conn: Connection, person: Person, where: LeadWhere, sort: LeadSort, offset: int, limit: int
) -> StoredPart:
    """The same with each lead as it is stored, inside a transaction of the person's."""
    limit = max(1, min(limit, _MAX_PAGE))
    offset = max(0, min(offset, MOST_COUNTED))
    found = book.page(conn, person.workspace_id, where, sort, offset, limit + 1)
    people = dict(limits.members(conn, person.workspace_id))
    return StoredPart(
        rows=tuple((_row(entry, people), entry.stored) for entry in found.entries[:limit]),
        has_more=len(found.entries) > limit,
        matching=found.matching,
    )


def company(person: Person, company_id: UUID) -> Company:
    """One company with its newest lead, explained. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return _company(conn, _newest(conn, person, company_id))


def newest(conn: Connection, person: Person, company_id: UUID) -> tuple[CompanyRow, StoredLead]:
    """One company with its newest lead as it is stored, inside a transaction of the person's. Raises NotFound."""
    found = _newest(conn, person, company_id)
    return _row(found.entry, dict(found.people)), found.entry.stored


def _newest(conn: Connection, person: Person, company_id: UUID) -> CompanyRecord:
    found = one_company.newest(conn, person.workspace_id, company_id)
    if found is None:
        raise NotFound("We can't find that company. Its campaign may have been deleted.")
    return found


def company_of_lead(person: Person, campaign_id: UUID, lead_id: UUID) -> Company:
    """The company of a campaign's lead, with that lead. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = one_company.of_lead(conn, person.workspace_id, campaign_id, lead_id)
        if found is None:
            raise NotFound("We can't find that lead. It may have been deleted, or the link is not complete.")
        return _company(conn, found)


def worked_on_only_in(person: Person, campaign_id: UUID) -> int:
    """How many companies somebody worked on would go with this campaign, as no other found them. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        return book_work.worked_on_only_here(conn, person.workspace_id, campaign_id)


def choices(person: Person) -> LeadChoices:
    """What the book can be filtered by."""
    return lead_choices.of_the_book(person)


def _row(entry: BookEntry, people: dict[UUID, str]) -> CompanyRow:
    return CompanyRow(
        company_id=entry.company_id,
        campaign_id=entry.campaign_id,
        lead=row_of(entry.stored),
        status=entry.status,
        owner=people.get(entry.owner_id) if entry.owner_id else None,
        owner_id=entry.owner_id,
        follow_up_on=entry.follow_up_on,
        tags=entry.tags,
        first_seen_at=entry.first_seen_at,
        last_seen_at=entry.last_seen_at,
        is_suppressed=entry.is_suppressed,
    )


def _company(conn: Connection, found: CompanyRecord) -> Company:
    return Company(
        row=_row(found.entry, dict(found.people)),
        detail=detail_of(found.entry.stored),
        activities=found.activities,
        sightings=found.sightings,
        edits=found.edits,
        people=tuple(found.people.items()),
        tags=found.tags,
        read_at=found.read_at,
        is_customer=found.is_customer,
        exported_at=found.exported_at,
        is_mentioned=found.is_mentioned,
        handed_over=crm_standing.standings(
            conn, found.handed_over, found.entry.stored if found.is_newest else None
        ),
    )
