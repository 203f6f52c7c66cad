"""When a place is open in a week like most others: what a database can compare a moment with."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from opening_hours import OpeningHours, State

from pipeline.words.hours import is_never_open, is_readable, said_of
from pipeline.words.local_time import zone_of

_WEEK = timedelta(days=7)
# Ten weeks of a year, odd and even ones; any year will do. Single days touch one of them, a season two or more.
_WEEKS = tuple(datetime.combine(date(2026, 1, 12) + 5 * number * _WEEK, time()) for number in range(10))
_MOST = 9
_NEVER = "{}"
# These follow the sun, not the clock.
_BY_THE_SUN = re.compile(r"\b(?:sunrise|sunset|dawn|dusk)\b", re.IGNORECASE)


class NormalWeek(NamedTuple):
    """The minutes of the week a place is open in, from Monday 00:00 on in its ``time_zone`` (a name of the IANA time
    zone database), as Postgres writes ranges of whole numbers: ``{[540,1020),[1980,2460)}``."""

    open_week: str
    time_zone: str


def normal_week(hours: str | None, lat: float | None, lon: float | None) -> NormalWeek | None:
    """The week of a place, WGS 84 degrees, whose hours are in OpenStreetMap's language; None where place or hours are
    not known."""
    if not hours or lat is None or lon is None:
        return None
    week, zone = open_week(hours), zone_of(lat, lon)
    return NormalWeek(week, zone) if week is not None and zone is not None else None


@lru_cache(maxsize=4096)
def open_week(hours: str) -> str | None:
    """What the hours say of a week without public holidays. None where they cannot be read, depend on something,
    change with the season or from week to week, or say of no day when it is open, as ``PH off`` alone."""
    if _BY_THE_SUN.search(hours) or not is_readable(hours):
        return None
    # Without a place it knows of no public holidays.
    rules = OpeningHours(hours)
    (usual, times), *_ = Counter(_minutes(rules, monday, hours) for monday in _WEEKS).most_common(1)
    if times < _MOST or (usual == _NEVER and not is_never_open(hours, _WEEKS[0].date())):
        return None
    return usual


def _minutes(rules: OpeningHours, monday: datetime, hours: str) -> str | None:
    ranges = []
    for start, end, state, comment in rules.intervals(monday, monday + _WEEK):
        said = said_of(hours, state, comment)
        if said is State.UNKNOWN:
            return None
        if said is State.OPEN:
            ranges.append(f"[{_minute(start - monday)},{_minute(end - monday)})")
    return f"{{{','.join(ranges)}}}"


def _minute(since: timedelta) -> int:
    return since // timedelta(minutes=1)
