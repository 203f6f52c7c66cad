"""Figures as people read them: money, counts, times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from pipeline.money.amounts import money as money
from pipeline.output.notices import averages as averages
from pipeline.output.notices import counted as counted
from pipeline.output.notices import ranged as ranged

_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S


def amounts(micros: Sequence[int]) -> list[str]:
    """Amounts that stand together, each to as many places as the finest of them needs: two at least, six at most."""
    shown = [money(amount) for amount in micros]
    places = max((len(amount.partition(".")[2]) for amount in shown), default=0)
    return [amount + "0" * (places - len(amount.partition(".")[2])) for amount in shown]


def number(value: int) -> str:
    """``12,345``."""
    return f"{value:,}"


def average(value: Decimal | None) -> str:
    """The average of a figure, ``71``, or a dash while it is unknown."""
    return "–" if value is None else f"{value:.0f}"


def duration(seconds: int) -> str:
    """``45 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``."""
    seconds = max(0, seconds)
    if seconds < _MINUTE_S:
        return f"{seconds} s"
    if seconds < _HOUR_S:
        return _two(seconds, _MINUTE_S, "min", 1, "s")
    if seconds < _DAY_S:
        return _two(seconds, _HOUR_S, "h", _MINUTE_S, "min")
    return _two(seconds, _DAY_S, "d", _HOUR_S, "h")


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long ago: ``just now``, ``5 minutes ago``, ``yesterday``, then the date."""
    seconds = int(((now or datetime.now(UTC)) - moment).total_seconds())
    if seconds < _MINUTE_S:
        return "just now"
    if seconds < _HOUR_S:
        return counted(seconds // _MINUTE_S, "minute") + " ago"
    if seconds < _DAY_S:
        return counted(seconds // _HOUR_S, "hour") + " ago"
    if seconds < 2 * _DAY_S:
        return "yesterday"
    return day(moment)


def day(when: date) -> str:
    """``1 Apr 2019``."""
    return f"{when.day} {when:%b %Y}"


def _two(seconds: int, big: int, big_unit: str, small: int, small_unit: str) -> str:
    rest = seconds % big // small
    head = f"{seconds // big} {big_unit}"
    return f"{head} {rest} {small_unit}" if rest else head
