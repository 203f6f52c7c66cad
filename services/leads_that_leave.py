"""Leads for programs, part by part: what of each may leave, as in a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pipeline.output.export import ExportRow
from services import book, export_terms, results
from services.book import CompanyRow
from services.campaigns import owned
from services.errors import NotFound
from services.identity import Person
from services.leaving import row_that_leaves
from services.results import LeadFilter, LeadSort
from store import book as stored_book
from store import leads as stored
from store.database import Role, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A part of the leads of a campaign; ``matching`` counts those the filter lets through, ``total`` all of them."""

    rows: tuple[ExportRow, ...]
    next_cursor: str | None
    matching: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingCompany:
    """A company of the book with what of its newest lead may leave."""

    row: CompanyRow
    lead: ExportRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingBook:
    """A part of the book; ``matching`` is at most one more than ``services.book.MOST_COUNTED``."""

    rows: tuple[LeavingCompany, ...]
    has_more: bool
    matching: int


def of_campaign(
    person: Person,
    campaign_id: UUID,
    filter: LeadFilter,
    sort: LeadSort,
    cursor: str | None = None,
    limit: int = 50,
) -> Leaving:
    """A part of the campaign's leads. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        campaign = owned(conn, person, campaign_id)
        found = results.part(conn, (person.workspace_id, campaign_id), filter, sort, cursor, limit)
        kept_here = export_terms.withheld_as_of(conn)
    rows = tuple(row_that_leaves(lead, kept_here, is_simulated=campaign.simulated) for lead in found.leads)
    return Leaving(rows=rows, next_cursor=found.next_cursor, matching=found.matching, total=found.total)


def one(person: Person, campaign_id: UUID, lead_id: UUID) -> ExportRow:
    """One lead of a campaign. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        campaign = owned(conn, person, campaign_id)
        found = stored.get(conn, (person.workspace_id, campaign_id), lead_id)
        kept_here = export_terms.withheld_as_of(conn)
    if found is None:
        raise NotFound("We can't find that lead.")
    return row_that_leaves(found, kept_here, is_simulated=campaign.simulated)


def of_book(
    person: Person, filter: LeadFilter, sort: LeadSort, today: date, offset: int = 0, limit: int = 50
) -> LeavingBook:
    """A part of the book, behind so many companies."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = book.part(conn, person, filter.where(today), sort, offset, limit)
        simulated = stored_book.simulated_campaigns(conn, person.workspace_id)
        kept_here = export_terms.withheld_as_of(conn)
    rows = (
        LeavingCompany(
            row=row, lead=row_that_leaves(lead, kept_here, is_simulated=row.campaign_id in simulated)
        )
        for row, lead in found.rows
    )
    return LeavingBook(rows=tuple(rows), has_more=found.has_more, matching=found.matching)


def company(person: Person, company_id: UUID) -> LeavingCompany:
    """One company of the book. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        row, lead = book.newest(conn, person, company_id)
        simulated = stored_book.simulated_campaigns(conn, person.workspace_id)
        kept_here = export_terms.withheld_as_of(conn)
    return LeavingCompany(
        row=row, lead=row_that_leaves(lead, kept_here, is_simulated=row.campaign_id in simulated)
    )
