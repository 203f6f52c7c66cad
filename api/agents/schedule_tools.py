"""Campaigns that repeat, for an agent: made with a cap of a month, looked at, paused, resumed, run, removed."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from mcp.server.mcpserver import Context
from pydantic import BaseModel, Field

from api.agents.telling import COSTS, KEEPS, LOOKS, REMOVES, Asking, OnceKey, Tool, refusals_told
from api.v1 import replays, schedules
from api.v1.schedule_model import Runs, Schedule, Schedules
from api.v1.schedules import Amount, NewSchedule

_Schedule = Annotated[UUID, Field(description="The id of a schedule of the workspace.")]


class CappedSchedule(NewSchedule):
    """A campaign that repeats, with the most that all of a month may cost."""

    month_usd: Amount


class Removed(BaseModel):
    """The id of what is not there any more."""

    removed: UUID


class ScheduleTools:
    """The tools, for whoever ``asking`` says."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[Tool, ...]:
        """Each with what is said about it."""
        return (
            *((tool, LOOKS) for tool in (self.schedules, self.schedule, self.schedule_history)),
            *((tool, KEEPS) for tool in (self.schedule_pause,)),
            *((tool, COSTS) for tool in (self.schedule_create, self.schedule_resume, self.schedule_run)),
            (self.schedule_remove, REMOVES),
        )

    @refusals_told
    def schedules(self, ctx: Context[Any, Any]) -> Schedules:
        """The campaigns of the workspace that repeat, those first that are due next."""
        return schedules.listing(self._asking(ctx))

    @refusals_told
    def schedule(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> Schedule:
        """One campaign that repeats: when it is due next, what it may spend in a month and has spent."""
        return schedules.read(self._asking(ctx), schedule_id)

    @refusals_told
    def schedule_history(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> Runs:
        """What came of each time it was due, newest first, with the campaigns to read leads of."""
        return schedules.runs(self._asking(ctx), schedule_id)

    @refusals_told
    def schedule_create(
        self, schedule: CappedSchedule, idempotency_key: OnceKey, ctx: Context[Any, Any]
    ) -> Schedule:
        """Have the order of a campaign placed again and again, once somebody has agreed to what each time and all of a
        month may cost. This may cost money, never more than month_usd in a month."""
        person = self._asking(ctx)
        make = partial(schedules.made, person, schedule)
        told, _ = replays.made_once(person, idempotency_key, "schedule_create", schedule, make)
        return Schedule.model_validate_json(told.body)

    @refusals_told
    def schedule_pause(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> Schedule:
        """Order nothing more until it is resumed; what runs goes on."""
        return schedules.pause(self._asking(ctx), schedule_id)

    @refusals_told
    def schedule_resume(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> Schedule:
        """Order again from the next time on. This may cost money, within the caps it has."""
        return schedules.resume(self._asking(ctx), schedule_id)

    @refusals_told
    def schedule_run(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> Schedule:
        """Order within a minute, and again when it is due next. This may cost money, within the caps it has."""
        return schedules.run(self._asking(ctx), schedule_id)

    @refusals_told
    def schedule_remove(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> Removed:
        """Forget it with its history; its campaigns stay."""
        schedules.remove(self._asking(ctx), schedule_id)
        return Removed(removed=schedule_id)
