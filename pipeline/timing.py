"""When something that repeats is due: a cron pattern by the clock of a time zone.

Where clocks go forward, what falls into the hour that does not exist is due when it would have ended; where they go
back, what falls into the hour that comes twice is due the first time alone. What is due every hour is due each hour
that passes. So does Debian's cron; the library follows it (cronsim, README: "Cron Sim's behavior").
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import islice, pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, field_validator

SHORTEST: Final = timedelta(hours=1)
"""The least time between two orders of a schedule; our own choice."""
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Enough to meet both changes of the clock with a pattern of every hour of a day, and every day of a week otherwise.
_LOOKED_AT = 200
_MOST_MISSED = 10_000
# What a pattern means does not depend on when one looks.
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def zones() -> frozenset[str]:
    """The names of all time zones this machine knows."""
    return frozenset(available_timezones())


class Every(StrEnum):
    """How often, in words."""

    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"


def pattern(every: Every, at: time, weekday: int = 0, day: int = 1) -> str:
    """The cron pattern of words: at a time of day, for weeks on a day (0: Monday), for months on a day of the month; 29
    to 31 stand for the last one, which every month has."""
    day_of_month = "L" if day > 28 else str(day)
    rest = {
        Every.HOUR: "* * * *",
        Every.DAY: f"{at.hour} * * *",
        Every.WORKDAY: f"{at.hour} * * 1-5",
        Every.WEEK: f"{at.hour} * * {weekday + 1}",
        Every.MONTH: f"{at.hour} {day_of_month} * *",
    }[every]
    return f"{at.minute} {rest}"


class Timing(BaseModel):
    """A cron pattern of five fields (minute, hour, day of the month, month, day of the week) and the name of the time
    zone whose clock it goes by, such as ``Europe/Helsinki``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str = Field(max_length=100)
    time_zone: str = Field(max_length=64)

    @field_validator("cron")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        fields = value.split()
        if len(fields) != 5:
            raise ValueError(
                "has five fields: minute, hour, day of the month, month, day of the week, such as 30 8 * * 1"
            )
        cleaned = " ".join(fields)
        try:
            times = list(islice(CronSim(cleaned, _SOME_DAY), _LOOKED_AT))
        except CronSimError as error:
            raise ValueError(f"cannot be read: {str(error).casefold()}") from None
        if not times:
            raise ValueError("names a day that never comes")
        if any(later - earlier < SHORTEST for earlier, later in pairwise(times)):
            raise ValueError("is due more often than every hour; leave an hour between two times")
        return cleaned

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in zones():
            raise ValueError("is not known; take one such as Europe/Helsinki")
        return value

    def after(self, moment: datetime) -> datetime | None:
        """When it is due next after a moment, in UTC; None when never again within fifty years."""
        found = next(iter(CronSim(self.cron, moment.astimezone(ZoneInfo(self.time_zone)))), None)
        return None if found is None else found.astimezone(UTC)

    def next_times(self, moment: datetime, number: int) -> tuple[datetime, ...]:
        """The next so many times, in UTC."""
        times = CronSim(self.cron, moment.astimezone(ZoneInfo(self.time_zone)))
        return tuple(found.astimezone(UTC) for found in islice(times, number))

    def longest_wait(self) -> timedelta:
        """The longest time between two times that follow each other, of the first two hundred of a year."""
        times = islice(CronSim(self.cron, _SOME_DAY.astimezone(ZoneInfo(self.time_zone))), _LOOKED_AT)
        return max((later - earlier for earlier, later in pairwise(times)), default=timedelta.max)

    def passed(self, due: datetime, now: datetime) -> int:
        """How many further times were due after ``due`` up to ``now``, ten thousand at most."""
        times = CronSim(self.cron, due.astimezone(ZoneInfo(self.time_zone)))
        for number, found in enumerate(islice(times, _MOST_MISSED)):
            if found > now:
                return number
        return _MOST_MISSED


def in_words(cron: str) -> str:
    """A pattern that was kept, as people read it: ``At 08:30 on Monday``."""
    return CronSim(cron, _SOME_DAY).explain()


def words_of(cron: str) -> tuple[Every, time, int, int] | None:
    """The words a pattern was made of: how often, the time of day, the day of the week and of the month; None where it
    was made of no words."""
    try:
        minute, hour, day, _, weekday = cron.split()
        at = time(0 if hour == "*" else int(hour), int(minute))
        on_day = 31 if day == "L" else 1 if day == "*" else int(day)
        on_weekday = int(weekday) - 1 if weekday.isdecimal() else 0
    except ValueError:
        return None
    made = ((every, at, on_weekday, on_day) for every in Every)
    return next((each for each in made if pattern(*each) == cron), None)
