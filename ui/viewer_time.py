"""Moments in the time zone of whoever is looking, as their browser tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

_UTC = "UTC"
DAY_TYPED = "YYYY-MM-DD"
"""How days are written in fields, as everywhere they are typed or exported."""


def zone_name() -> str:
    """The viewer's time zone, such as ``Europe/Helsinki``; UTC while it is not known."""
    return _zone().key


def local(moment: datetime) -> datetime:
    """The same moment in the viewer's time zone."""
    return moment.astimezone(_zone())


def today() -> date:
    """The day it is for the viewer."""
    return local(datetime.now(UTC)).date()


def midnight(day: date, days_later: int = 0) -> datetime:
    """When a day begins for the viewer, or one so many days later."""
    return datetime.combine(day + timedelta(days=days_later), time.min, _zone())


def typed(moment: datetime) -> datetime:
    """A moment as a field for day and time holds it: the viewer's, to the minute, without a zone."""
    return local(moment).replace(second=0, microsecond=0, tzinfo=None)


def meant(typed_: datetime) -> datetime:
    """The moment that was typed into such a field."""
    return typed_.replace(tzinfo=_zone()).astimezone(UTC)


def to_the_second(moment: datetime) -> str:
    """``2026-11-26 09:30:05``."""
    return f"{local(moment):%Y-%m-%d %H:%M:%S}"


def _zone() -> ZoneInfo:
    # The name comes from the browser: one that this machine does not know counts as none.
    try:
        return ZoneInfo(st.context.timezone or _UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(_UTC)
