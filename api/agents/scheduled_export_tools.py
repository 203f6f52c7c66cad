"""Files that are sent again and again, for an agent: looked at, paused, resumed, run, sent again.

What is sent, when and where to is said by people, so that no agent has leads sent to a new place by itself.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from mcp.server.mcpserver import Context
from pydantic import Field

from api.agents.telling import KEEPS, LOOKS, SENDS, Asking, Tool, refusals_told
from api.v1 import scheduled_exports
from api.v1.sending_model import ScheduledExport, ScheduledExports, SentTimes

_Schedule = Annotated[UUID, Field(description="The id of a scheduled export of the workspace.")]
_Run = Annotated[UUID, Field(description="The id of one time, as scheduled_export_history says it.")]


class ScheduledExportTools:
    """The tools, for whoever ``asking`` says."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[Tool, ...]:
        """Each with what is said about it."""
        looks = (self.scheduled_exports, self.scheduled_export, self.scheduled_export_history)
        sends = (self.scheduled_export_resume, self.scheduled_export_run, self.scheduled_export_send_again)
        return (
            *((tool, LOOKS) for tool in looks),
            (self.scheduled_export_pause, KEEPS),
            *((tool, SENDS) for tool in sends),
        )

    @refusals_told
    def scheduled_exports(self, ctx: Context[Any, Any]) -> ScheduledExports:
        """The files of leads that are sent again and again, those first that are due next; without secrets."""
        return scheduled_exports.listing(self._asking(ctx))

    @refusals_told
    def scheduled_export(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> ScheduledExport:
        """One of them: what is in it, when it is due next and where it goes. People alone change that."""
        return scheduled_exports.read(self._asking(ctx), schedule_id)

    @refusals_told
    def scheduled_export_history(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> SentTimes:
        """What came of each time it was due, newest first, and why a file was not sent."""
        return scheduled_exports.runs(self._asking(ctx), schedule_id)

    @refusals_told
    def scheduled_export_pause(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> ScheduledExport:
        """Send nothing more until it is resumed."""
        return scheduled_exports.pause(self._asking(ctx), schedule_id)

    @refusals_told
    def scheduled_export_resume(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> ScheduledExport:
        """Send again from the next time on, to where people said. Ask them first when one of them paused it."""
        return scheduled_exports.resume(self._asking(ctx), schedule_id)

    @refusals_told
    def scheduled_export_run(self, schedule_id: _Schedule, ctx: Context[Any, Any]) -> ScheduledExport:
        """Have a file made and sent within a minute, to where people said, and again when it is due next."""
        return scheduled_exports.run(self._asking(ctx), schedule_id)

    @refusals_told
    def scheduled_export_send_again(
        self, schedule_id: _Schedule, run_id: _Run, ctx: Context[Any, Any]
    ) -> SentTimes:
        """Send a file that was not sent once more, to where people have the schedule send by now."""
        return scheduled_exports.send_again(self._asking(ctx), schedule_id, run_id)
