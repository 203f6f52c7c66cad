"""The leads of a campaign: filtered, explained one by one, put on a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.campaign import MAX_TEXT, clean_text
from pipeline.fields import EXPLAINED
from pipeline.lead import Contact, EmailStatus, Origin, ScorePart, StepResult
from pipeline.output.reasons import as_text, why_empty
from pipeline.providers.registry import registry
from pipeline.words.categories import label_for
from services import paging
from services.campaigns import owned
from services.errors import NotFound
from services.identity import Person
from store import leads as stored
from store.database import Role, transaction
from store.leads import LeadSort as LeadSort
from store.leads import LeadWhere, StoredLead

_MAX_PAGE = 200


class LeadFilter(BaseModel):
    """Which leads to show; everything that is set must hold."""

    model_config = ConfigDict(frozen=True)

    text: Annotated[str, BeforeValidator(clean_text), Field(max_length=MAX_TEXT)] | None = None
    category: Annotated[str, BeforeValidator(clean_text), Field(max_length=MAX_TEXT)] | None = None
    min_confidence: int = Field(default=0, ge=0, le=100)
    has_phone: bool | None = None
    has_website: bool | None = None
    has_email: bool | None = None
    status: EmailStatus | None = None

    def where(self) -> LeadWhere:
        """The filter as the store takes it."""
        return LeadWhere(**self.model_dump())


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRow:
    """One line of the table. ``details`` are fields by name, ``sources`` and ``why_empty`` words for people."""

    id: UUID
    name: str
    category: str
    category_label: str
    address: str | None
    city: str | None
    phone: str | None
    website: str | None
    email: str | None
    details: Mapping[str, str]
    email_status: EmailStatus
    is_role_address: bool
    confidence: int
    sources: tuple[str, ...]
    why_empty: str
    lat: float | None
    lon: float | None
    cost_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPage:
    """A page of leads; ``matching`` counts those the filter lets through, ``total`` all of the campaign."""

    rows: tuple[LeadRow, ...]
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
    score_parts: tuple[ScorePart, ...]
    provenance: tuple[FieldOrigin, ...]
    steps: tuple[StepResult, ...]
    origins: tuple[Origin, ...]
    contacts: tuple[Contact, ...]
    profiles: tuple[str, ...]
    cost_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """A lead on the map, WGS 84 degrees."""

    id: UUID
    name: str
    lat: float
    lon: float
    confidence: int


def leads(
    person: Person,
    campaign_id: UUID,
    filter: LeadFilter,
    sort: LeadSort,
    cursor: str | None = None,
    limit: int = 50,
) -> LeadPage:
    """A page of the campaign's leads. Raises NotFound."""
    campaign = (person.workspace_id, campaign_id)
    limit = max(1, min(limit, _MAX_PAGE))
    with transaction(Role.WEB, user_id=person.id) as conn:
        total = owned(conn, person, campaign_id).lead_count
        found = stored.page(conn, campaign, filter.where(), sort, _after(cursor), limit + 1)
        matching = stored.count(conn, campaign, filter.where())
    shown = found[:limit]
    more = len(found) > limit
    last = paging.encode(shown[-1][0], str(shown[-1][1].id)) if more else None
    rows = tuple(row_of(lead) for _, lead in shown)
    return LeadPage(rows=rows, next_cursor=last, matching=matching, total=max(total, matching))


def all_leads(person: Person, campaign_id: UUID, filter: LeadFilter, sort: LeadSort) -> tuple[LeadRow, ...]:
    """Every lead the filter lets through: a campaign has a thousand at most. Raises NotFound."""
    with transaction(Role.WEB, user_id=person.id) as conn:
        owned(conn, person, campaign_id)
        found = stored.page(conn, (person.workspace_id, campaign_id), filter.where(), sort, None, None)
    return tuple(row_of(lead) for _, lead in found)


def lead(person: Person, campaign_id: UUID, lead_id: UUID) -> LeadDetail:
    """One lead, explained. Raises NotFound."""
    with transaction(Role.WEB, user_id=person.id) as conn:
        owned(conn, person, campaign_id)
        found = stored.get(conn, (person.workspace_id, campaign_id), lead_id)
    if found is None:
        raise NotFound("We can't find that lead.")
    business, reasons = found.business, why_empty(found.lead)
    return LeadDetail(
        row=row_of(found),
        score_parts=business.score_parts,
        provenance=tuple(
            FieldOrigin(
                field=field.name,
                value=business.value(field.name),
                origin=business.provenance.get(field.name),
                empty_reason=as_text(reasons[field.name]) if field.name in reasons else None,
            )
            for field in EXPLAINED
        ),
        steps=found.lead.steps,
        origins=business.origins,
        contacts=found.lead.contacts,
        profiles=found.lead.profiles,
        cost_micros=found.lead.cost_micros,
    )


def map_points(person: Person, campaign_id: UUID, filter: LeadFilter) -> tuple[MapPoint, ...]:
    """Every lead the filter lets through whose position may be drawn, as points. Raises NotFound.

    A source whose terms keep its content off other maps may not place a lead here, so such leads are left out.
    """
    with transaction(Role.WEB, user_id=person.id) as conn:
        owned(conn, person, campaign_id)
        campaign = (person.workspace_id, campaign_id)
        found = stored.page(conn, campaign, filter.where(), LeadSort.CONFIDENCE, None, None)
    restricted = registry().restricted_maps()
    return tuple(
        MapPoint(
            id=lead.id,
            name=lead.business.name,
            lat=lead.business.lat,
            lon=lead.business.lon,
            confidence=lead.business.confidence,
        )
        for _, lead in found
        if lead.business.lat is not None
        and lead.business.lon is not None
        and lead.business.origins[0].source not in restricted
    )


def categories(person: Person, campaign_id: UUID) -> tuple[tuple[str, str, int], ...]:
    """The campaign's categories: tag, words and how many leads. Raises NotFound."""
    with transaction(Role.WEB, user_id=person.id) as conn:
        owned(conn, person, campaign_id)
        found = stored.categories(conn, (person.workspace_id, campaign_id))
    return tuple((tag, label_for(tag), count) for tag, count in found)


def row_of(lead: StoredLead) -> LeadRow:
    """A stored lead as a line of the table."""
    business, reasons = lead.business, why_empty(lead.lead)
    return LeadRow(
        id=lead.id,
        name=business.name,
        category=business.category,
        category_label=label_for(business.category),
        address=business.address,
        city=business.city,
        phone=business.phone,
        website=business.website,
        email=business.email,
        details=business.details,
        email_status=lead.lead.email_status,
        is_role_address=lead.lead.is_role_address,
        confidence=business.confidence,
        sources=tuple(dict.fromkeys(origin.label for origin in business.origins)),
        why_empty=as_text(*(reasons[field.name] for field in EXPLAINED if field.name in reasons)),
        lat=business.lat,
        lon=business.lon,
        cost_micros=lead.lead.cost_micros,
    )


def _after(cursor: str | None) -> tuple[str, UUID] | None:
    parts = paging.decode(cursor, 2)
    if parts is None:
        return None
    try:
        return parts[0], UUID(parts[1])
    except ValueError:
        return None
