"""Plans and quotes: what an order would find, cost and take, before anything is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.v1 import answers, campaign_model, replays
from api.v1.bodies import Body
from api.v1.campaign_model import Campaign
from api.v1.door import Asking, IdempotencyKey
from api.v1.orders import EXAMPLE as ORDER
from api.v1.orders import Order
from api.v1.problems import PREFIX
from pipeline.campaign import CampaignSpec
from pipeline.order_limits import bounds
from services import campaigns, limits, plan_facts, planning, quoting
from services.identity import Person
from services.plan_model import Plan, Usd
from services.quoting import QuoteRow
from ui import plan_words

router = APIRouter(tags=["plans"])
PLAN: dict[str, Any] = {
    "types": [
        {
            "typed": "cafe",
            "label": "Café",
            "tags": ["amenity=cafe"],
            "any_of": [["amenity=cafe"]],
            "how": "name",
            "words": [],
            "left_out": [],
            "place": None,
            "known": 85,
            "alternatives": [],
        }
    ],
    "place": {"label": "Helsinki", "country": "FI", "candidates": []},
    "matching": 85,
    "leads_low": 25,
    "leads_high": 25,
    "in_book": None,
    "customers": None,
    "calls": [],
    "cost_low_usd": "0",
    "cost_high_usd": "0",
    "included_usd": None,
    "left_usd": {"day": None, "month": None},
    "duration_low_s": 5,
    "duration_high_s": 20,
    "message": "All 85 are looked at, and the best 25 become leads.",
    "warnings": [],
    "refusals": [],
}


class ToldPlan(Plan):
    """A plan, also in words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**PLAN, "summary": "Expected cost: $0.00\nExpected time: 5 s – 20 s"}]
        }
    )

    summary: str


class Quote(BaseModel):
    """A plan to order by, good for an hour. ``spec_hash`` is the same for the same order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e90",
                    "url": "/api/v1/quotes/01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e90",
                    "order": ORDER,
                    "spec_hash": "6b1b36cbb04b41490bfc0ab2bfa26f86d1f0c3e2a6b6c1f4d3c8f0f1d5a7e9b2",
                    "plan": PLAN,
                    "cost_low_usd": "0",
                    "cost_high_usd": "0",
                    "duration_low_s": 5,
                    "duration_high_s": 20,
                    "created_at": "2026-11-27T09:00:00Z",
                    "expires_at": "2026-11-27T10:00:00Z",
                    "is_over": False,
                }
            ]
        }
    )

    id: UUID
    url: str
    order: CampaignSpec
    spec_hash: str
    plan: Plan
    cost_low_usd: Usd
    cost_high_usd: Usd
    duration_low_s: int
    duration_high_s: int
    created_at: datetime
    expires_at: datetime
    is_over: bool


class Confirmation(Body):
    """The most a campaign may ever spend: at most the budget that was quoted for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"budget_usd": "1.50"}]})

    budget_usd: Annotated[Decimal, Field(ge=0, le=int(bounds("budget_usd")[1]), decimal_places=6)]


@router.post("/plans", summary="Plan an order", responses=answers.problems(404))
def plan(person: Asking, order: Order) -> ToldPlan:
    """What an order would find, cost and take. Nothing is started, asked, kept or paid. Any key may ask."""
    spec, known = order.spec(), limits.standing(person)
    expected = planning.estimate(person, spec)
    told = plan_facts.facts(spec, expected, known, plan_facts.refusals(spec, known))
    return ToldPlan(**dict(told), summary=plan_words.in_words(spec, expected, known))


@router.post(
    "/quotes",
    summary="Quote an order",
    status_code=201,
    response_model=Quote,
    responses=answers.created("The quote."),
)
def quote(request: Request, person: Asking, order: Order, idempotency_key: IdempotencyKey = None) -> Response:
    """Keep a plan for an hour, to order by it. Refused for an order that would not be taken. Needs `submit`."""
    return replays.once(
        request, person, idempotency_key, order, lambda _: _told(quoting.quote(person, order.spec()))
    )


@router.get("/quotes/{quote_id}", summary="Read a quote", responses=answers.problems(404))
def read_quote(person: Asking, quote_id: UUID) -> Quote:
    """A quote of the workspace."""
    return _told(quoting.get(person, quote_id))


@router.post(
    "/quotes/{quote_id}/campaign",
    summary="Order by a quote",
    status_code=201,
    response_model=Campaign,
    responses=answers.created("The campaign."),
)
def order_quote(
    request: Request,
    person: Asking,
    quote_id: UUID,
    confirmation: Confirmation,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Order what was quoted, for at most so much. Needs `submit`."""

    def make(made_id: UUID) -> Campaign:
        key = replays.key_of(made_id)
        return _ordered(person, quoting.order(person, quote_id, confirmation.budget_usd, key))

    return replays.once(request, person, idempotency_key, confirmation, make)


def _ordered(person: Person, campaign_id: UUID) -> Campaign:
    return campaign_model.of(campaigns.get(person, campaign_id))


def _told(row: QuoteRow) -> Quote:
    return Quote(
        id=row.id,
        url=f"{PREFIX}/quotes/{row.id}",
        order=row.spec,
        spec_hash=row.spec_hash.hex(),
        plan=Plan.model_validate(row.plan),
        cost_low_usd=plan_facts.usd(row.cost_low_micros),
        cost_high_usd=plan_facts.usd(row.cost_high_micros),
        duration_low_s=row.duration_low_s,
        duration_high_s=row.duration_high_s,
        created_at=row.created_at,
        expires_at=row.expires_at,
        is_over=row.is_over,
    )
