"""Campaigns that repeat: made, read, changed, paused, removed, and what came of each time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from api.v1 import answers, replays, schedule_model
from api.v1.bodies import Body
from api.v1.door import Asking, IdempotencyKey
from api.v1.schedule_model import Runs, Schedule, Schedules
from pipeline.campaign import MAX_BUDGET_USD
from services import schedules
from services.identity import Person
from services.repeating import MAX_NAME
from services.schedules import Recurrence

router = APIRouter(prefix="/schedules", tags=["schedules"])
_MISSING = answers.problems(404, 409)
_TIMES = {"cron": "0 8 * * 1", "time_zone": "Europe/Helsinki"}
Amount = Annotated[Decimal, Field(ge=0, le=MAX_BUDGET_USD, decimal_places=6)]


class Repeat(Body):
    """How an order repeats. ``cron`` has five fields, by the clock of ``time_zone``; ``budget_usd`` is the most one
    campaign may cost, ``month_usd`` the most all of a month may, null for no such cap."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Cafe in Helsinki", **_TIMES, "budget_usd": "2", "month_usd": "10", "only_new": True}
            ]
        }
    )

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    cron: Annotated[str, Field(min_length=1, max_length=100)]
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    budget_usd: Amount
    month_usd: Amount | None = None
    only_new: bool = False

    def recurrence(self) -> Recurrence:
        """The same for the service."""
        return Recurrence(
            name=self.name,
            cron=self.cron,
            time_zone=self.time_zone,
            budget_usd=self.budget_usd,
            month_usd=self.month_usd,
            only_new=self.only_new,
        )


class NewSchedule(Repeat):
    """The same with the campaign whose order repeats."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "campaign_id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f",
                    "name": "Cafe in Helsinki",
                    **_TIMES,
                    "budget_usd": "2",
                }
            ]
        }
    )

    campaign_id: UUID


@router.post(
    "",
    summary="Have a campaign repeat",
    status_code=201,
    response_model=Schedule,
    responses=answers.created("The schedule, which orders for the first time when it is due."),
)
def add(
    request: Request, person: Asking, new: NewSchedule, idempotency_key: IdempotencyKey = None
) -> Response:
    """Place the order of a campaign again and again, in the name of whom the key acts for. Needs `submit`, and a key
    without a money limit."""
    return replays.once(request, person, idempotency_key, new, partial(made, person, new))


def made(person: Person, new: NewSchedule, made_id: UUID) -> Schedule:
    """Have it repeat, once for each id. Raises as ``schedules.add`` does."""
    return read(person, schedules.add(person, new.campaign_id, new.recurrence(), made_id))


@router.get("", summary="List schedules")
def listing(person: Asking) -> Schedules:
    """Those of the workspace."""
    return Schedules(items=tuple(map(schedule_model.of, schedules.listing(person))))


@router.get("/{schedule_id}", summary="Read a schedule", responses=answers.problems(404))
def read(person: Asking, schedule_id: UUID) -> Schedule:
    """One of the workspace."""
    return schedule_model.of(schedules.get(person, schedule_id))


@router.get("/{schedule_id}/runs", summary="Read what came of a schedule", responses=answers.problems(404))
def runs(person: Asking, schedule_id: UUID) -> Runs:
    """What came of each time it was due."""
    schedules.get(person, schedule_id)
    return Runs(items=tuple(map(schedule_model.run_of, schedules.runs(person, schedule_id))))


@router.put("/{schedule_id}", summary="Change a schedule", responses=_MISSING)
def change(person: Asking, schedule_id: UUID, repeat: Repeat) -> Schedule:
    """Repeat it otherwise from now on; one that is paused stays so. Needs `submit`, of another's `admin`."""
    schedules.change(person, schedule_id, repeat.recurrence())
    return read(person, schedule_id)


@router.post("/{schedule_id}/pause", summary="Pause a schedule", responses=answers.problems(404))
def pause(person: Asking, schedule_id: UUID) -> Schedule:
    """Order nothing more until it is resumed. Needs `submit`, of another's `admin`."""
    return _after(person, schedule_id, schedules.pause)


@router.post("/{schedule_id}/resume", summary="Resume a schedule", responses=_MISSING)
def resume(person: Asking, schedule_id: UUID) -> Schedule:
    """Order again from the next time on. Needs `submit`, of another's `admin`, and a key without a money limit."""
    return _after(person, schedule_id, schedules.resume)


@router.post("/{schedule_id}/run", summary="Run a schedule now", responses=_MISSING)
def run(person: Asking, schedule_id: UUID) -> Schedule:
    """Order within a minute, and again when it is due next. Needs `submit`, of another's `admin`, and a key without a
    money limit."""
    return _after(person, schedule_id, schedules.run_now)


@router.delete(
    "/{schedule_id}", summary="Remove a schedule", status_code=204, responses=answers.problems(404)
)
def remove(person: Asking, schedule_id: UUID) -> None:
    """Forget it with its history; its campaigns stay. Needs `submit`, of another's `admin`."""
    schedules.remove(person, schedule_id)


def _after(person: Person, schedule_id: UUID, act: Callable[[Person, UUID], None]) -> Schedule:
    act(person, schedule_id)
    return read(person, schedule_id)
