"""Dates as people record them on the map: a year, a month, a day, about, between, before or after.

The forms are those of https://wiki.openstreetmap.org/wiki/Key:start_date#Formatting, and days written with dots or
slashes.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_TOKEN = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})(?P<decade>s)?(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?"
    r"|(?:(?P<first>\d{1,2})[./](?P<second>\d{1,2})|(?P<only>\d{1,2}))[./](?P<last>\d{4}))(?!\d)"
)
_FIRST_YEAR, _LAST_YEAR = 1000, 2999

Span = tuple[date | None, date | None]
"""The first and the last day a date may mean; None where it is open to that side."""


def span(text: str) -> Span | None:
    """What a date means, or None when the text names none: ``2019..2020`` is from the first to the last day of both."""
    days: list[date] = []
    for token in _TOKEN.finditer(text):
        meant = _days(token)
        if meant is None:
            return None
        days += meant
    if not days:
        return None
    said = text.casefold()
    earliest = None if "before" in said or text.startswith("<") else min(days)
    latest = None if "after" in said or text.startswith(">") else max(days)
    return earliest, latest


def _days(token: re.Match[str]) -> tuple[date, date] | None:
    """The first and the last day of one date; None when there is no such month or year."""
    year = int(token["year"] or token["last"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if token["first"]:
        # The day comes first in most of the world and the month in some of it: any of the two readings may be meant.
        pairs = ((token["second"], token["first"]), (token["first"], token["second"]))
        read = [days for month, day in pairs if (days := _of(year, int(month), int(day)))]
        return (min(days[0] for days in read), max(days[1] for days in read)) if read else None
    if token["decade"]:
        return date(year, 1, 1), date(min(year + 9, _LAST_YEAR), 12, 31)
    month = int(token["month"] or token["only"] or 0)
    return _of(year, month, int(token["day"] or 0)) if month else (date(year, 1, 1), date(year, 12, 31))


def _of(year: int, month: int, day: int) -> tuple[date, date] | None:
    """A day of a month; the whole month when it has no such day; None when there is no such month."""
    if not 1 <= month <= 12:
        return None
    length = monthrange(year, month)[1]
    if 1 <= day <= length:
        return date(year, month, day), date(year, month, day)
    return date(year, month, 1), date(year, month, length)
