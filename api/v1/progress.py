"""A campaign while it runs: asked now and then, or told as it happens (server-sent events)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

import settings
from api.v1 import answers
from api.v1.campaign_model import EXAMPLE as CAMPAIGN
from api.v1.campaign_model import Campaign
from api.v1.campaign_model import of as campaign_of
from api.v1.door import Asking
from api.v1.problems import Problem, Refusal
from pipeline.campaign import Stage
from services import campaigns, history
from services.campaigns import CampaignView
from services.errors import NotFound
from services.history import EventView
from services.identity import Person
from services.plan_facts import usd
from services.plan_model import Usd

router = APIRouter(prefix="/campaigns/{campaign_id}", tags=["progress"])
STREAM = "text/event-stream"
_LOOK_S, _SILENT_S = 1.0, 15.0
_AGAIN_MS = 2000
_EVENT: dict[str, Any] = {
    "number": 3,
    "at": "2026-11-27T09:00:07Z",
    "stage": "scoring_businesses",
    "progress": 50,
    "message": "85 businesses rated.",
    "businesses_found": 85,
    "qualified_leads": 85,
    "leads_enriched": 0,
    "spent_usd": "0",
}


class Event(BaseModel):
    """One moment of a campaign. ``number`` counts from 1."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EVENT]})

    number: int
    at: datetime
    stage: Stage
    progress: int = Field(ge=0, le=100)
    message: str | None
    businesses_found: int
    qualified_leads: int
    leads_enriched: int
    spent_usd: Usd


class Progress(BaseModel):
    """The campaign as it is now, and what happened since the event that was asked from."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"campaign": CAMPAIGN, "events": [_EVENT], "last": 3}]}
    )

    campaign: Campaign
    events: tuple[Event, ...]
    last: int = Field(description="The number of the last event; ask with `after` from there.")


class OpenStreams:
    """How many streams each person holds open at this server."""

    def __init__(self) -> None:
        self._open: Counter[UUID] = Counter()

    def enter(self, person: Person) -> None:
        """One more is open. Raises Refusal when there are too many."""
        most = settings.get().streams_per_person
        if self._open[person.id] >= most:
            said = f"{most} streams of yours are open. Close one of them first."
            raise Refusal(Problem.TOO_MANY, said, {"Retry-After": "5"})
        self._open[person.id] += 1

    def leave(self, person: Person) -> None:
        """One less is open."""
        self._open[person.id] -= 1
        if not self._open[person.id]:
            del self._open[person.id]


@router.get("/progress", summary="How far a campaign is", responses=answers.problems(404))
def progress(
    person: Asking,
    campaign_id: UUID,
    after: Annotated[int, Query(ge=0, le=1_000_000, description="Only events with a higher number.")] = 0,
) -> Progress:
    """The state of a campaign with what happened in it."""
    view, events = _seen(person, campaign_id)
    return Progress(campaign=campaign_of(view), events=events[after:], last=len(events))


@router.get(
    "/events",
    summary="Follow a campaign",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Events `progress` (an `Event`), `campaign` (a `Campaign`), and `end` with the last one.",
            "content": {
                STREAM: {"schema": {"type": "string"}, "example": "id: 3\nevent: progress\ndata: {}\n\n"}
            },
        },
        **answers.problems(404),
    },
)
async def events(
    request: Request,
    person: Asking,
    campaign_id: UUID,
    last_event_id: Annotated[
        str | None,
        Header(max_length=20, description="The number of the last event that arrived; goes on behind it."),
    ] = None,
) -> Response:
    """Server-sent events until the campaign has ended. Who loses the stream goes on where it was."""
    await run_in_threadpool(campaigns.get, person, campaign_id)
    text = last_event_id or ""
    seen = int(text) if text.isascii() and text.isdecimal() else 0
    streams: OpenStreams = request.app.state.streams
    streams.enter(person)
    return Stream(_told(person, campaign_id, seen), lambda: streams.leave(person))


class Stream(StreamingResponse):
    """Says when it is over, also when whoever listened is gone."""

    def __init__(self, told: AsyncIterator[str], over: Callable[[], None]) -> None:
        super().__init__(told, media_type=STREAM)
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._over()


def _seen(person: Person, campaign_id: UUID) -> tuple[CampaignView, tuple[Event, ...]]:
    # The events after the state: none is missed that led to it.
    view = campaigns.get(person, campaign_id)
    told = history.events(person, campaign_id)
    return view, tuple(_event(number, each) for number, each in enumerate(told, 1))


def _event(number: int, event: EventView) -> Event:
    return Event(
        number=number,
        at=event.at,
        stage=event.stage,
        progress=event.progress,
        message=event.message,
        businesses_found=event.businesses_found,
        qualified_leads=event.qualified_leads,
        leads_enriched=event.leads_enriched,
        spent_usd=usd(event.spent_micros),
    )


async def _told(person: Person, campaign_id: UUID, seen: int) -> AsyncIterator[str]:
    """What is new, each second; a line now and then keeps the connection from looking dead."""
    yield f"retry: {_AGAIN_MS}\n\n"
    shown, silent_s = "", 0.0
    while True:
        try:
            view, events = await run_in_threadpool(_seen, person, campaign_id)
        except NotFound:
            return
        state = campaign_of(view).model_copy(update={"elapsed_s": 0, "remaining_s": None}).model_dump_json()
        for event in events[seen:]:
            yield f"id: {event.number}\nevent: progress\ndata: {event.model_dump_json()}\n\n"
        seen = max(seen, len(events))
        if state != shown:
            kind = "end" if view.status.is_final else "campaign"
            yield f"event: {kind}\ndata: {campaign_of(view).model_dump_json()}\n\n"
            shown, silent_s = state, 0.0
        if view.status.is_final:
            return
        if silent_s >= _SILENT_S:
            yield ": still here\n\n"
            silent_s = 0.0
        await asyncio.sleep(_LOOK_S)
        silent_s += _LOOK_S
