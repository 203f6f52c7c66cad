"""What repeats, whatever it does: when, for whom, and how many there may be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from pipeline.timing import Timing
from services import plan_limits
from services.errors import Conflict, Invalid
from services.identity import Person
from store import clock, schedules
from store.database import Connection, Role, transaction

MOST: Final = 50
"""Schedules of a workspace; our own choice."""
MAX_NAME: Final = 100
_NOT_FOR_THESE = "Nothing repeats for guests and for keys with a money limit. Use an account, or another key."
_TOO_MANY = f"A workspace has {MOST} schedules at most. Remove one first."
_PREVIEW = 5


def preview(cron: str, time_zone: str) -> tuple[datetime, ...]:
    """The next times of a pattern. Raises Invalid for ``cron`` and ``time_zone``."""
    found = timing(cron, time_zone)
    with transaction(Role.WEB) as conn:
        return found.next_times(clock.now(conn), _PREVIEW)


def timing(cron: str, time_zone: str) -> Timing:
    """The same as it is kept. Raises Invalid for ``cron`` and ``time_zone``."""
    try:
        return Timing(cron=cron, time_zone=time_zone)
    except ValidationError as error:
        said = {
            str(each["loc"][0]): str(each["msg"]).removeprefix("Value error, ") for each in error.errors()
        }
        names = {"cron": "This pattern", "time_zone": "This time zone"}
        raise Invalid({field: f"{names[field]} {why}." for field, why in said.items()}) from None


def next_time(conn: Connection, timing: Timing) -> datetime:
    """When it is due next. Raises Invalid for ``cron`` when never again."""
    found = timing.after(clock.now(conn))
    if found is None:
        raise Invalid({"cron": "This pattern names a day that never comes."})
    return found


@contextmanager
def changing(person: Person) -> Iterator[Connection]:
    """A transaction that has something repeat. Raises Conflict for guests and keys with a money limit, when the plan
    allows no more, and when another one was made in this moment and there is no room left."""
    try:
        with plan_limits.kept(), schedules.admitted(), transaction(Role.WEB, proof=person.proof) as conn:
            yield conn
    except schedules.NotForThese:
        raise Conflict(_NOT_FOR_THESE) from None
    except schedules.TooMany:
        raise Conflict(_TOO_MANY) from None


def check_room(conn: Connection, person: Person) -> None:
    """Raises Conflict when the workspace has as many schedules as it may."""
    if schedules.count(conn, person.workspace_id) >= MOST:
        raise Conflict(_TOO_MANY)
