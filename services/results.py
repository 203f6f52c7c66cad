"""The leads of a campaign: filtered, explained one by one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pipeline.fields import BETWEEN, FIELDS, Field
from pipeline.lead import Business, Contact, Origin, ScorePart, StepResult
from pipeline.output.credits import Credit
from pipeline.output.reasons import as_text, why_empty
from pipeline.qualification.criteria import Verdict
from pipeline.scoring.demands import FACTS
from services import paging
from services.campaigns import UNKNOWN, owned
from services.errors import NotFound
from services.identity import Person
from services.lead_filter import LeadFilter as LeadFilter
from services.lead_rows import LeadRow, row_of
from store import leads as stored
from store.database import Connection, Role, transaction
from store.leads import LeadSort as LeadSort
from store.leads import StoredLead

_MAX_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPage:
    """A page of leads; ``matching`` counts those the filter lets through, ``total`` all of the campaign."""

    rows: tuple[LeadRow, ...]
    next_cursor: str | None
    matching: int
    total: int

    @property
    def credits(self) -> list[Credit]:
        """Whom to credit for them."""
        return [credit for row in self.rows for credit in row.credits]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """A page of leads as they are stored."""

    leads: tuple[StoredLead, ...]
    next_cursor: str | None
    matching: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOrigin:
    """One field of a lead: its value and where it is from, or why it is empty."""

    field: str
    value: str | None
    origin: Origin | None
    empty_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDetail:
    """Everything known about one lead."""

    row: LeadRow
    business: Business
    score_parts: tuple[ScorePart, ...]
    reach_parts: tuple[ScorePart, ...]
    provenance: tuple[FieldOrigin, ...]
    steps: tuple[StepResult, ...]
    origins: tuple[Origin, ...]
    contacts: tuple[Contact, ...]
    profiles: tuple[str, ...]
    cost_micros: int
    verdicts: tuple[Verdict, ...]


def leads(
    person: Person,
    campaign_id: UUID,
    filter: LeadFilter,
    sort: LeadSort,
    cursor: str | int | None = None,
    limit: int = 50,
) -> LeadPage:
    """A page of the campaign's leads, behind a cursor or behind that many leads. Raises NotFound."""
    campaign = (person.workspace_id, campaign_id)
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = part(conn, campaign, filter, sort, cursor, limit)
    return LeadPage(
        rows=tuple(map(row_of, found.leads)),
        next_cursor=found.next_cursor,
        matching=found.matching,
        total=found.total,
    )


def part(
    conn: Connection,
    campaign: tuple[UUID, UUID],
    filter: LeadFilter,
    sort: LeadSort,
    cursor: str | int | None,
    limit: int,
) -> StoredPart:
    """The same as stored, inside a transaction of the person's. Raises NotFound."""
    limit = max(1, min(limit, _MAX_PAGE))
    totals = stored.totals(conn, campaign, filter.where())
    if totals is None:
        raise NotFound(UNKNOWN)
    after = paging.offset(cursor) if isinstance(cursor, int) else _after(cursor)
    found = stored.page(conn, campaign, filter.where(), sort, after, limit + 1)
    total, matching = totals
    shown = found[:limit]
    more = len(found) > limit
    return StoredPart(
        leads=tuple(lead for _, lead in shown),
        next_cursor=paging.encode(shown[-1][0], str(shown[-1][1].id)) if more else None,
        matching=matching,
        total=max(total, matching),
    )


def lead(person: Person, campaign_id: UUID, lead_id: UUID) -> LeadDetail:
    """One lead, explained. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        found = stored.get(conn, (person.workspace_id, campaign_id), lead_id)
    if found is None:
        raise NotFound("We can't find that lead.")
    return detail_of(found)


def detail_of(found: StoredLead) -> LeadDetail:
    """A stored lead, explained."""
    business, reasons, row = found.business, why_empty(found.lead), row_of(found)
    return LeadDetail(
        row=row,
        business=business,
        score_parts=business.score_parts,
        reach_parts=business.reach_parts,
        provenance=tuple(
            FieldOrigin(
                field=field.name,
                value=business.value(field.name),
                origin=business.provenance.get(field.name),
                empty_reason=as_text(reasons[field.name]) if field.name in reasons else None,
            )
            for field in FIELDS
            if _is_told(field, business)
        ),
        steps=found.lead.steps,
        origins=business.origins,
        contacts=found.lead.contacts,
        profiles=tuple(filter(None, row.values.get("profiles", "").split(BETWEEN))),
        cost_micros=found.lead.cost_micros,
        verdicts=found.lead.verdicts,
    )


def _is_told(field: Field, business: Business) -> bool:
    """Whether a lead's page has a line for a field; for a fact that an order may demand, once one was stated."""
    is_fact = field.name in FACTS and (business.value(field.name) or field.name in business.empty_reasons)
    return field.is_explained or bool(is_fact)


def _after(cursor: str | None) -> tuple[str, UUID] | None:
    parts = paging.decode(cursor, 2)
    try:
        return (parts[0], UUID(parts[1])) if parts else None
    except ValueError:
        return None
