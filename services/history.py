"""What happened in a campaign, moment by moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pipeline.campaign import Stage
from services.campaigns import owned
from services.identity import Person
from store import progress
from store.database import Role, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One moment of a campaign: a line of the log when ``message`` is set, a point of the chart always."""

    at: datetime
    stage: Stage
    progress: int
    message: str | None
    businesses_found: int
    qualified_leads: int
    leads_enriched: int
    spent_micros: int
    avg_confidence: Decimal | None
    avg_reach: Decimal | None


def events(person: Person, campaign_id: UUID) -> tuple[EventView, ...]:
    """The campaign's history, oldest first. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        rows = progress.history(conn, person.workspace_id, campaign_id)
    return as_told(rows)


def as_told(rows: Iterable[progress.EventRow]) -> tuple[EventView, ...]:
    """Stored moments, oldest first, as people read them."""
    views: list[EventView] = []
    figures: dict[str, object] = {}
    for row in rows:
        # A line written by another hand than the pipeline carries no figures: those before it still hold.
        figures = row.metrics or figures
        views.append(_event(row, figures))
    return tuple(views)


def _event(row: progress.EventRow, figures: dict[str, object]) -> EventView:
    def number(name: str) -> int:
        return int(str(figures.get(name) or 0))

    def average(name: str) -> Decimal | None:
        value = figures.get(name)
        return None if value is None else Decimal(str(value))

    return EventView(
        at=row.at,
        stage=row.stage,
        progress=row.progress,
        message=row.message,
        businesses_found=number("businesses_found"),
        qualified_leads=number("qualified_leads"),
        leads_enriched=number("leads_enriched"),
        spent_micros=number("spent_micros"),
        avg_confidence=average("avg_confidence"),
        avg_reach=average("avg_reach"),
    )
