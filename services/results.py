"""The leads of a campaign: filtered, explained one by one, put on a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.campaign import MAX_TEXT, clean_text
from pipeline.fields import BETWEEN, EXPLAINED
from pipeline.lead import Contact, EmailStatus, Origin, ScorePart, StepResult
from pipeline.output.reasons import as_text, why_empty
from pipeline.providers.registry import registry
from pipeline.words.categories import label_for
from services import paging
from services.campaigns import owned
from services.errors import NotFound
from services.identity import Person
from services.lead_rows import LeadRow, row_of
from store import leads as stored
from store.database import Role, transaction
from store.leads import LeadSort as LeadSort
from store.leads import LeadWhere

_MAX_PAGE = 200


class LeadFilter(BaseModel):
    """Which leads to show; everything that is set must hold."""

    model_config = ConfigDict(frozen=True)

    text: Annotated[str, BeforeValidator(clean_text), Field(max_length=MAX_TEXT)] | None = None
    category: Annotated[str, BeforeValidator(clean_text), Field(max_length=MAX_TEXT)] | None = None
    min_confidence: int = Field(default=0, ge=0, le=100)
    min_reach: int = Field(default=0, ge=0, le=100)
    has_phone: bool | None = None
    has_website: bool | None = None
    has_email: bool | None = None
    status: EmailStatus | None = None

    def where(self) -> LeadWhere:
        """The filter as the store takes it."""
        return LeadWhere(**self.model_dump())


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
    reach_parts: tuple[ScorePart, ...]
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
    reach: int | None


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
    limit = max(1, min(limit, _MAX_PAGE))
    with transaction(Role.WEB, proof=person.proof) as conn:
        total = owned(conn, person, campaign_id).lead_count
        after = paging.offset(cursor) if isinstance(cursor, int) else _after(cursor)
        found = stored.page(conn, campaign, filter.where(), sort, after, limit + 1)
        matching = stored.count(conn, campaign, filter.where())
    shown = found[:limit]
    more = len(found) > limit
    last = paging.encode(shown[-1][0], str(shown[-1][1].id)) if more else None
    rows = tuple(row_of(lead) for _, lead in shown)
    return LeadPage(rows=rows, next_cursor=last, matching=matching, total=max(total, matching))


def lead(person: Person, campaign_id: UUID, lead_id: UUID) -> LeadDetail:
    """One lead, explained. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        found = stored.get(conn, (person.workspace_id, campaign_id), lead_id)
    if found is None:
        raise NotFound("We can't find that lead.")
    business, reasons, row = found.business, why_empty(found.lead), row_of(found)
    return LeadDetail(
        row=row,
        score_parts=business.score_parts,
        reach_parts=business.reach_parts,
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
        profiles=tuple(filter(None, row.values.get("profiles", "").split(BETWEEN))),
        cost_micros=found.lead.cost_micros,
    )


def map_points(person: Person, campaign_id: UUID, filter: LeadFilter) -> tuple[MapPoint, ...]:
    """Every lead the filter lets through whose position may be drawn, as points. Raises NotFound.

    A source whose terms keep its content off other maps may not place a lead here, so such leads are left out.
    """
    with transaction(Role.WEB, proof=person.proof) as conn:
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
            reach=lead.business.reach,
        )
        for _, lead in found
        if lead.business.lat is not None
        and lead.business.lon is not None
        and lead.business.origins[0].source not in restricted
    )


def categories(person: Person, campaign_id: UUID) -> tuple[tuple[str, str, int], ...]:
    """The campaign's categories: tag, words and how many leads. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        found = stored.categories(conn, (person.workspace_id, campaign_id))
    return tuple((tag, label_for(tag), count) for tag, count in found)


def _after(cursor: str | None) -> tuple[str, UUID] | None:
    parts = paging.decode(cursor, 2)
    try:
        return (parts[0], UUID(parts[1])) if parts else None
    except ValueError:
        return None
