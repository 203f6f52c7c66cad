"""Places the orders of schedules that are due."""

from __future__ import annotations

import logging
from collections import Counter

from pydantic import ValidationError

from pipeline import events
from pipeline.timing import Timing
from store import schedule_work
from store.database import DatabaseAway, DatabaseError, Role, in_short, transaction
from store.schedule_work import DueRow

log = logging.getLogger(__name__)

_ORDERED, _NEVER = "ordered", "never"
_AT_ONCE = 500


def place_due() -> str:
    """Place what is due, each in a transaction of its own; in words what came of it, empty when nothing was due.

    What passed while nothing ran is made up for by one order, and the next is due at the next time from now. The
    reconciler wakes a worker. Raises the last error of one that could not be placed, after the others were.
    """
    came: Counter[str] = Counter()
    failed: DatabaseError | None = None
    with transaction(Role.SYSTEM) as conn:
        rows = schedule_work.due(conn, _AT_ONCE)
    for row in rows:
        try:
            came.update(filter(None, [_placed(row)]))
        except DatabaseAway:
            raise
        except DatabaseError as error:
            failed = error
            events.warning(log, "schedule_not_placed", schedule_id=row.id, reason=in_short(error))
    if failed:
        raise failed
    ordered = came.pop(_ORDERED, 0)
    others = ", ".join(f"{number} {cause}" for cause, number in sorted(came.items()))
    return "; ".join(said for said in (f"{ordered} ordered" if ordered else "", others) if said)


def _placed(row: DueRow) -> str | None:
    try:
        timing = Timing(cron=row.cron, time_zone=row.time_zone)
    except ValidationError:
        # The name of a zone may go with an update of the list of zones.
        with transaction(Role.SYSTEM) as conn:
            schedule_work.pause(conn, row, _NEVER)
        return _NEVER
    missed = timing.passed(row.next_at, row.now_at)
    with transaction(Role.SYSTEM) as conn:
        outcome = schedule_work.order(conn, row, timing.after(row.now_at), missed)
    if outcome:
        events.info(log, "schedule_was_due", schedule_id=row.id, outcome=outcome, missed=missed)
    return outcome
