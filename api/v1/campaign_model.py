"""A campaign as programs see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.v1.paging import Page
from api.v1.problems import PREFIX
from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.causes import Cause
from services.campaigns import CampaignView
from services.plan_facts import usd
from services.plan_model import Usd
from ui import ending_words

Percent = Annotated[int, Field(ge=0, le=100)]
EXAMPLE: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f",
    "url": "/api/v1/campaigns/01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f",
    "title": "Cafe in Helsinki",
    "status": "completed",
    "stage": "storing_results",
    "progress": 100,
    "is_final": True,
    "order": {"business_types": ["cafe"], "location": "Helsinki", "max_results": 25, "budget_usd": "0"},
    "ordered_by": "sales@example.com",
    "tags": ["north"],
    "bulk_order": None,
    "created_at": "2026-11-27T09:00:00Z",
    "started_at": "2026-11-27T09:00:01Z",
    "ended_at": "2026-11-27T09:01:12Z",
    "elapsed_s": 71,
    "remaining_s": None,
    "place_in_line": None,
    "waiting_for": None,
    "cancel_requested": False,
    "can_continue": False,
    "lacks_budget": False,
    "cause": None,
    "reason": None,
    "notice": None,
    "suspicion": None,
    "summary": "Campaign completed: 25 leads, $0.00. Everything ordered was done.",
    "businesses_found": 85,
    "qualified_leads": 25,
    "leads_enriched": 25,
    "leads": 25,
    "emails_found": 14,
    "emails_verified": 0,
    "in_book": 3,
    "customers": 0,
    "avg_confidence": 71.4,
    "avg_reach": 58.0,
    "budget_usd": "0",
    "spent_usd": "0",
    "saved_usd": "0",
    "uncertain_usd": "0",
    "simulated": False,
}


class Campaign(BaseModel):
    """A campaign. ``cause`` says why it ended early, for programs; ``reason`` the same for people. ``remaining_s`` is
    an estimate. ``saved_usd`` was not paid because answers were held; of ``uncertain_usd`` it is not known whether it
    was billed."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    url: str
    title: str
    status: CampaignStatus
    stage: Stage
    progress: Percent
    is_final: bool
    order: CampaignSpec
    ordered_by: str | None
    tags: tuple[str, ...]
    bulk_order: UUID | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    elapsed_s: int
    remaining_s: int | None
    place_in_line: int | None
    waiting_for: str | None
    cancel_requested: bool
    can_continue: bool
    lacks_budget: bool
    cause: Cause | None
    reason: str | None
    notice: str | None
    suspicion: str | None
    summary: str | None = Field(description="How it ended, in a few lines for people; null until it has.")
    businesses_found: int
    qualified_leads: int
    leads_enriched: int
    leads: int
    emails_found: int
    emails_verified: int
    in_book: int | None
    customers: int | None
    avg_confidence: float | None
    avg_reach: float | None
    budget_usd: Usd
    spent_usd: Usd
    saved_usd: Usd
    uncertain_usd: Usd
    simulated: bool


class Campaigns(Page):
    """Campaigns, newest first; ``total`` counts all that match."""

    items: tuple[Campaign, ...]
    total: int


_SAME = (
    *(
        "id",
        "title",
        "status",
        "stage",
        "progress",
        "ordered_by",
        "tags",
        "created_at",
        "started_at",
        "ended_at",
    ),
    *(
        "elapsed_s",
        "remaining_s",
        "place_in_line",
        "waiting_for",
        "cancel_requested",
        "lacks_budget",
        "notice",
    ),
    *(
        "suspicion",
        "businesses_found",
        "qualified_leads",
        "leads_enriched",
        "emails_found",
        "emails_verified",
    ),
    *("in_book", "customers", "simulated"),
)


def of(view: CampaignView) -> Campaign:
    """A campaign as its owner sees it."""
    is_final = view.status.is_final
    return Campaign(
        **{name: getattr(view, name) for name in _SAME},
        url=address(view.id),
        is_final=is_final,
        order=view.spec,
        bulk_order=view.bulk_id,
        can_continue=bool(view.can_continue),
        cause=view.outcome_cause,
        reason=view.outcome_reason,
        summary=ending_words.in_words(view) if is_final else None,
        leads=view.lead_count,
        avg_confidence=_number(view.avg_confidence),
        avg_reach=_number(view.avg_reach),
        budget_usd=usd(view.budget_micros),
        spent_usd=usd(view.spent_micros),
        saved_usd=usd(view.saved_micros),
        uncertain_usd=usd(view.uncertain_micros),
    )


def address(campaign_id: UUID) -> str:
    """Where a campaign is."""
    return f"{PREFIX}/campaigns/{campaign_id}"


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
