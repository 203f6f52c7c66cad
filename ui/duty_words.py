"""What the pages call the states, times and runs of regular duties."""

from __future__ import annotations

from services.duties import DutyState, DutyView
from ui.format import ago, counted
from ui.viewer_time import local
from ui.words import Colour

STATE: dict[DutyState, tuple[str, Colour]] = {
    DutyState.FAILED: ("Failed", "red"),
    DutyState.BROKEN: ("Did not come to an end", "red"),
    DutyState.ASKED: ("About to run", "blue"),
    DutyState.RUNNING: ("Running", "blue"),
    DutyState.NEVER: ("Not run yet", "gray"),
    DutyState.WELL: ("Well", "green"),
}
_HOUR_S, _MINUTE_S, _SECOND_MS = 3600, 60, 1000


def schedule(every_s: int) -> str:
    """``Every 5 minutes``, ``Every hour``."""
    if not every_s:
        return "Whenever something waits"
    for unit_s, unit in ((_HOUR_S, "hour"), (_MINUTE_S, "minute")):
        if every_s % unit_s == 0:
            return f"Every {unit}" if every_s == unit_s else f"Every {every_s // unit_s} {unit}s"
    return f"Every {every_s} seconds"


def last_run(view: DutyView) -> str:
    """When it was done last, how long that took and where."""
    if view.ended_at is None:
        return "never done yet"
    took = view.took_ms or 0
    lasted = f"{took:,} ms" if took < _SECOND_MS else f"{took / _SECOND_MS:,.1f} s"
    failed = f" · failed {counted(view.failures, 'time')} in a row" if view.failures > 1 else ""
    return f"last {ago(local(view.ended_at))}, took {lasted} on {view.worker}{failed}"
