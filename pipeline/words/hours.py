"""Opening hours in the language of https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import opening_hours
from opening_hours import OpeningHours, State

# The parser looks for the next change up to the year 9999, which may take seconds: it is only asked about one year.
_AHEAD = timedelta(days=366)
_CLOSING = re.compile(r"\b(?:off|closed)\b", re.IGNORECASE)
_OPENING = re.compile(r"\bopen\b", re.IGNORECASE)
_COMMENT = re.compile(r'"[^"]*"')
_NOT_FOR_GOOD = re.compile(
    r"appointment|arrangement|request|vereinbarung|anfrage|sopimuksen|rendez|cita|marca|temporar|vorubergehend"
    r"|vorübergehend|tilapäis|renov|umbau|refurb|holiday|urlaub|seasonal|saison|winter|summer",
    re.IGNORECASE,
)


def is_readable(text: str) -> bool:
    """Whether the text is written in that language."""
    return opening_hours.validate(text)


def said_of(text: str, state: State, comment: str) -> State:
    """The state the parser found in hours, but for times with a comment that nobody called ``open``, such as by
    appointment: that depends on what the comment says, which the parser takes for open."""
    return State.UNKNOWN if comment and state is State.OPEN and not _OPENING.search(_bare(text)) else state


def is_never_open(text: str, today: date) -> bool:
    """Whether the text says that the place is closed on every day from ``today`` on, and not only for some time.

    ``PH off`` alone says nothing of other days. A comment may tell that it opens by appointment, or again.
    """
    if not _CLOSING.search(_bare(text)) or not is_readable(text):
        return False
    if any(_NOT_FOR_GOOD.search(comment) for comment in _COMMENT.findall(text)):
        return False
    # What is not said counts as closed: the rules that close must cover all of the time themselves.
    opened = _CLOSING.sub("open", _bare(text)).strip()
    return (
        _all_year(text, today) is State.CLOSED
        and is_readable(opened)
        and _all_year(opened, today) is State.OPEN
    )


def _bare(text: str) -> str:
    return _COMMENT.sub("", text)


def _all_year(text: str, today: date) -> State | None:
    """The one state the place is in for a year from ``today`` on, or None when it changes."""
    start = datetime.combine(today, time())
    first = next(iter(OpeningHours(text).intervals(start, start + _AHEAD)), None)
    return first[2] if first is not None and first[1] >= start + _AHEAD else None
