"""A campaign that repeats, as programs see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.v1.problems import PREFIX
from pipeline.campaign import CampaignStatus
from services.plan_facts import usd
from services.plan_model import Usd
from services.schedules import Repeating, RunRow, ScheduleRow

PauseCause = Literal["person", "failures", "no_right", "never", "limit"]
_EXAMPLE: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7ea1",
    "url": "/api/v1/schedules/01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7ea1",
    "name": "Cafe in Helsinki",
    "title": "Cafe in Helsinki",
    "cron": "0 8 * * 1",
    "time_zone": "Europe/Helsinki",
    "budget_usd": "2",
    "month_usd": "10",
    "spent_usd": "1.5",
    "only_new": True,
    "next_at": "2026-11-30T06:00:00Z",
    "paused_at": None,
    "pause_cause": None,
    "made_by": "sales@example.com",
    "created_at": "2026-11-27T09:00:00Z",
    "runs": 4,
}
_RUN: dict[str, Any] = {
    "due_at": "2026-11-30T06:00:00Z",
    "begun_at": "2026-11-30T06:00:21Z",
    "missed": 0,
    "outcome": "ordered",
    "campaign_id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f",
    "previous_id": None,
    "status": "completed",
    "leads": 25,
    "emails_verified": 0,
    "spent_usd": "0",
}


class Schedule(BaseModel):
    """A campaign that repeats. ``title`` is what its order is called; ``spent_usd`` is what those of this month came
    to or may still come to; ``next_at`` is null while it is paused."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    url: str
    name: str
    title: str
    cron: str
    time_zone: str
    budget_usd: Usd
    month_usd: Usd | None
    spent_usd: Usd
    only_new: bool
    next_at: datetime | None
    paused_at: datetime | None
    pause_cause: PauseCause | None
    made_by: str | None
    created_at: datetime
    runs: int


class Schedules(BaseModel):
    """Those of the workspace, the ones first that are due next."""

    items: tuple[Schedule, ...]


class Run(BaseModel):
    """What came of one time. ``missed`` counts times after it that passed while nothing ran. ``previous_id`` is the
    campaign of the time before."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RUN]})

    due_at: datetime
    begun_at: datetime
    missed: int
    outcome: Literal["ordered", "still_running", "month_spent", "limit_reached"]
    campaign_id: UUID | None
    previous_id: UUID | None
    status: CampaignStatus | None
    leads: int | None
    emails_verified: int | None
    spent_usd: Usd | None


class Runs(BaseModel):
    """The last fifty, the newest first."""

    items: tuple[Run, ...]


# What is bounded where plans are sold is called by no name of its own here: they are not sold everywhere.
_LIMITS = {"plan": "limit", "plan_reached": "limit_reached", "wallet_empty": "limit_reached"}


def cause_of(row: Repeating) -> PauseCause | None:
    """Why it is paused, whatever repeats."""
    cause: Any = _LIMITS.get(row.pause_cause or "", row.pause_cause)
    return cast(PauseCause | None, cause)


def of(row: ScheduleRow) -> Schedule:
    """A schedule."""
    return Schedule(
        id=row.id,
        url=f"{PREFIX}/schedules/{row.id}",
        name=row.name,
        title=row.spec.title,
        cron=row.cron,
        time_zone=row.time_zone,
        budget_usd=usd(row.spec.budget_micros),
        month_usd=None if row.month_micros is None else usd(row.month_micros),
        spent_usd=usd(row.spent_micros),
        only_new=row.spec.skips_known,
        next_at=row.next_at,
        paused_at=row.paused_at,
        pause_cause=cause_of(row),
        made_by=row.created_by,
        created_at=row.created_at,
        runs=row.runs,
    )


def run_of(row: RunRow) -> Run:
    """What came of one time."""
    return Run(
        due_at=row.due_at,
        begun_at=row.begun_at,
        missed=row.missed,
        outcome=_LIMITS.get(row.outcome, row.outcome),
        campaign_id=row.campaign_id,
        previous_id=row.before,
        status=CampaignStatus(row.status) if row.status else None,
        leads=row.lead_count,
        emails_verified=row.emails_verified,
        spent_usd=None if row.spent_micros is None else usd(row.spent_micros),
    )
