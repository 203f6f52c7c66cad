"""Where the money went: sums and single calls."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1 import answers, paging
from api.v1.bodies import Day
from api.v1.door import Asking
from api.v1.paging import Page, Part
from pipeline.campaign import OrderKey
from services import limits, spend_sums, spending
from services.plan_facts import usd
from services.plan_model import Usd
from services.spend_sums import Chosen, SumView

router = APIRouter(tags=["spend"])
_SUM: dict[str, Any] = {
    "group": "Hunter",
    "calls": 20,
    "cost_usd": "0.49",
    "saved_usd": "0.0245",
    "missed_usd": "0",
    "uncertain_usd": "0",
}


class SpentBy(BaseModel):
    """What a day, a campaign or a provider cost. ``saved_usd`` was not paid because answers were held, ``missed_usd``
    bought nothing, ``uncertain_usd`` may not be billed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUM]})

    group: str
    calls: int
    cost_usd: Usd
    saved_usd: Usd
    missed_usd: Usd
    uncertain_usd: Usd


class LimitLeft(BaseModel):
    """A money limit that holds for what the key orders, and what it leaves."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scope": "workspace",
                    "period": "month",
                    "left_usd": "40",
                    "renews_at": "2026-12-01T00:00:00Z",
                }
            ]
        }
    )

    scope: limits.Scope
    period: limits.Period
    left_usd: Usd
    renews_at: datetime


class Spend(BaseModel):
    """Sums, all together, and what the limits leave."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [_SUM],
                    "total": {**_SUM, "group": "All"},
                    "per_usable_lead_usd": "0.07",
                    "limits": [],
                }
            ]
        }
    )

    items: tuple[SpentBy, ...]
    total: SpentBy
    per_usable_lead_usd: Usd | None = Field(description="Of a qualified lead with a verified address.")
    limits: tuple[LimitLeft, ...]


class Call(BaseModel):
    """One question to a provider. ``state`` is that of the ledger, ``outcome`` the same in words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e92",
                    "at": "2026-11-27T09:00:20Z",
                    "provider": "example",
                    "operation": "domain_search",
                    "campaign_id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f",
                    "state": "done",
                    "outcome": "Answered",
                    "price_usd": "0.0245",
                    "cost_usd": "0.0245",
                    "saved_usd": "0",
                    "found": True,
                    "http_status": 200,
                }
            ]
        }
    )

    id: UUID
    at: datetime
    provider: str
    operation: str
    campaign_id: UUID
    state: str
    outcome: str
    price_usd: Usd
    cost_usd: Usd
    saved_usd: Usd
    found: bool | None
    http_status: int | None


class Calls(Page):
    """Calls, newest first."""

    items: tuple[Call, ...]


class When(BaseModel):
    """Which spending: of days in UTC, both included, open where none is given."""

    model_config = ConfigDict(extra="forbid")

    since: Day | None = Field(default=None, description="The first day.")
    until: Day | None = Field(default=None, description="The last day.")
    campaign: UUID | None = Field(default=None, description="Of one campaign alone.")

    def chosen(self) -> Chosen:
        """As services take it."""
        when = spend_sums.When.DATES if self.since or self.until else spend_sums.When.EVER
        return spend_sums.during(when, self.since, self.until)


class Sums(When):
    """Summed by what."""

    by: Literal["day", "campaign", "provider"] = Field(default="provider", description="What is summed by.")


class WhichCalls(When, Part):
    """Which calls."""

    provider: OrderKey | None = Field(default=None, description="Of one provider alone.")


@router.get("/spend", summary="Sum what was spent", responses=answers.problems(404))
def sums(person: Asking, asked: Annotated[Sums, Query()]) -> Spend:
    """What the workspace, or one campaign of it, cost."""
    view = spend_sums.summary(person, asked.by, asked.chosen(), asked.campaign)
    per_lead = view.per_usable_lead_micros
    return Spend(
        items=tuple(map(_sum, view.rows)),
        total=_sum(view.total),
        per_usable_lead_usd=None if per_lead is None else usd(per_lead),
        limits=tuple(
            LimitLeft(
                scope=row.scope, period=row.period, left_usd=usd(row.left_micros), renews_at=row.renews_at
            )
            for row in limits.standing(person)
        ),
    )


@router.get(
    "/calls", summary="List paid calls", responses={**answers.page("Calls."), **answers.problems(404)}
)
def calls(
    request: Request, response: Response, person: Asking, asked: Annotated[WhichCalls, Query()]
) -> Calls:
    """Every question that was asked of a provider, what it cost and what came of it."""
    found = spending.calls(
        person, asked.campaign, asked.provider, asked.begins(), asked.limit, asked.chosen()
    )
    paging.link(request, response, found.next_cursor)
    same = ("id", "at", "provider", "operation", "campaign_id", "state", "found", "http_status")
    return Calls(
        items=tuple(
            Call(
                **{name: getattr(row, name) for name in same},
                outcome=spending.outcome(row),
                price_usd=usd(row.price_micros),
                cost_usd=usd(row.cost_micros),
                saved_usd=usd(row.saved_micros),
            )
            for row in found.rows
        ),
        next_cursor=found.next_cursor,
    )


def _sum(row: SumView) -> SpentBy:
    return SpentBy(
        group=row.group,
        calls=row.calls,
        cost_usd=usd(row.cost_micros),
        saved_usd=usd(row.saved_micros),
        missed_usd=usd(row.missed_micros),
        uncertain_usd=usd(row.uncertain_micros),
    )
