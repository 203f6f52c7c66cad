"""Campaigns: ordered, listed, read, stopped, continued, renamed, deleted."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from api.v1 import answers, campaign_model, paging, replays
from api.v1.bodies import Body
from api.v1.campaign_model import Campaign, Campaigns
from api.v1.door import Asking, IdempotencyKey
from api.v1.orders import Order
from api.v1.paging import Part
from pipeline.campaign import CampaignStatus, Line
from services import campaign_tags, campaigns, continuing, renaming
from services.campaign_tags import LONGEST_TAG, MOST_TAGS
from services.identity import Person

router = APIRouter(prefix="/campaigns", tags=["campaigns"])
_MISSING = answers.problems(404, 409)
Tag = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG)]


class Which(Part):
    """Which campaigns."""

    limit: int = Field(default=25, ge=1, le=100, description="How many at most.")
    status: CampaignStatus | None = Field(default=None, description="Only those in this state.")
    text: Line | None = Field(default=None, description="Only those with this text in their title.")
    bulk_order: UUID | None = Field(default=None, description="Only those of this bulk order.")


class Change(Body):
    """What to change of a campaign; what is not given stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Cafés for the autumn", "tags": ["north"]}]}
    )

    title: Line | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)] | None = None


class Continuation(Body):
    """How to go on: with more money, or within what is left of the budget."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"add_budget_usd": "2.50"}]})

    add_budget_usd: Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=6)] | None = None


@router.post(
    "",
    summary="Order a campaign",
    status_code=201,
    response_model=Campaign,
    responses=answers.created("The campaign, which waits for a worker."),
)
def submit(
    request: Request, person: Asking, order: Order, idempotency_key: IdempotencyKey = None
) -> Response:
    """Order a campaign. It answers at once; follow it by its progress. Needs `submit`."""

    def make(made_id: UUID) -> Campaign:
        return _told(person, campaigns.submit(person, order.spec(), replays.key_of(made_id)))

    return replays.once(request, person, idempotency_key, order, make)


@router.get("", summary="List campaigns", responses=answers.page("Campaigns of the workspace, newest first."))
def listing(
    request: Request,
    response: Response,
    person: Asking,
    asked: Annotated[Which, Query()],
) -> Campaigns:
    """The campaigns of the workspace."""
    found = part(person, asked)
    paging.link(request, response, found.next_cursor)
    return found


def part(person: Person, asked: Which) -> Campaigns:
    """A part of the campaigns of the workspace."""
    found = campaigns.list_mine(
        person,
        status=asked.status,
        text=asked.text,
        bulk_id=asked.bulk_order,
        cursor=asked.begins(),
        limit=asked.limit,
    )
    return Campaigns(
        items=tuple(map(campaign_model.of, found.rows)), next_cursor=found.next_cursor, total=found.total
    )


@router.get("/{campaign_id}", summary="Read a campaign", responses=answers.problems(404))
def read(person: Asking, campaign_id: UUID) -> Campaign:
    """One campaign."""
    return _told(person, campaign_id)


@router.patch("/{campaign_id}", summary="Rename or tag a campaign", responses=answers.problems(404))
def change(person: Asking, campaign_id: UUID, change: Change) -> Campaign:
    """Give a campaign another title, other tags, or both. Needs `submit`."""
    if change.title is not None:
        renaming.rename(person, campaign_id, change.title)
    if change.tags is not None:
        campaign_tags.set_tags(person, campaign_id, change.tags)
    return _told(person, campaign_id)


@router.delete("/{campaign_id}", summary="Delete a campaign", status_code=204, responses=_MISSING)
def delete(person: Asking, campaign_id: UUID) -> None:
    """Remove an ended campaign with its leads; what it cost stays. Needs `submit`."""
    campaigns.delete(person, campaign_id)


@router.post("/{campaign_id}/cancel", summary="Stop a campaign", responses=_MISSING)
def cancel(person: Asking, campaign_id: UUID) -> Campaign:
    """Stop a campaign; what it found stays. Of one that has ended nothing changes. Needs `submit`."""
    campaigns.cancel(person, campaign_id)
    return _told(person, campaign_id)


@router.post("/{campaign_id}/continue", summary="Go on with a campaign", responses=_MISSING)
def go_on(
    person: Asking,
    campaign_id: UUID,
    continuation: Continuation,
    request: Request,
    idempotency_key: IdempotencyKey = None,
) -> Campaign:
    """Let an ended campaign do what it left undone. With the same idempotency key money is added once; of one that runs
    nothing changes. Needs `submit`."""
    amount = continuation.add_budget_usd
    if amount is None:
        continuing.go_on(person, campaign_id)
    else:
        continuing.add_budget(person, campaign_id, amount, idempotency_key or request.state.request_id)
    return _told(person, campaign_id)


@router.post("/{campaign_id}/retry", summary="Ask again what had no certain answer", responses=_MISSING)
def retry(person: Asking, campaign_id: UUID) -> Campaign:
    """Have look-ups that came to no certain answer asked again, within the budget that is left. Needs `submit`."""
    continuing.retry_unanswered(person, campaign_id)
    return _told(person, campaign_id)


def _told(person: Person, campaign_id: UUID) -> Campaign:
    return campaign_model.of(campaigns.get(person, campaign_id))
