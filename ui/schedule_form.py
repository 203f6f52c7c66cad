"""The fields of how a campaign repeats; what is wrong is said beside them, and when it is due next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from zoneinfo import ZoneInfo

import streamlit as st

from pipeline.campaign import MAX_BUDGET_USD, MICROS_PER_USD
from pipeline.timing import DAYS, Every, pattern, words_of, zones
from services import repeating
from services.errors import Invalid
from services.repeating import MAX_NAME
from services.schedules import Recurrence, ScheduleRow
from ui import refused, viewer_time

_CRON = "A cron pattern"
_OFTEN: Mapping[str, Every | None] = {
    "Every hour": Every.HOUR,
    "Every day": Every.DAY,
    "Monday to Friday": Every.WORKDAY,
    "Every week": Every.WEEK,
    "Every month": Every.MONTH,
    _CRON: None,
}
_LAST = "the last day"
_ONLY_NEW = ("All leads each time", "New companies only")
_MORNING = time(8)


def fields(key: str, start: Recurrence, wrong: Mapping[str, str]) -> Recurrence | None:
    """Draw the fields, filled with ``start``; what they say, None while an amount or the time is missing."""
    name, cron, zone = times(key, (start.name, start.cron, start.time_zone), wrong)
    left, right = st.columns(2)
    with left:
        budget = _amount("Most one campaign may cost, US dollars", start.budget_usd, f"budget_{key}", "0.00")
        refused.below(wrong, "budget_usd")
    with right:
        month = _amount(
            "Most in a month, US dollars", start.month_usd, f"month_{key}", "No cap of its own",
            "Months are UTC's, as those of money limits. A time that would go above it is left out.",
        )  # fmt: skip
        refused.below(wrong, "month_usd")
    results = st.radio("Results", _ONLY_NEW, int(start.only_new), key=f"new_{key}", horizontal=True)
    refused.below(wrong)
    if cron is None or budget is None:
        return None
    return Recurrence(
        name=name,
        cron=cron,
        time_zone=zone,
        budget_usd=budget,
        month_usd=month,
        only_new=results == _ONLY_NEW[1],
    )


def times(key: str, start: tuple[str, str, str], wrong: Mapping[str, str]) -> tuple[str, str | None, str]:
    """Draw name, pattern and time zone, filled with ``start``; what they say, without a pattern while it is missing."""
    name = st.text_input("Name", start[0], key=f"name_{key}", max_chars=MAX_NAME)
    refused.below(wrong, "name")
    cron = _when(key, start[1])
    known = sorted(zones() | {start[2]})
    zone = st.selectbox("Time zone", known, known.index(start[2]), key=f"zone_{key}")
    _next_times(cron, zone, wrong)
    return name, cron, zone


def usual_times(name: str) -> tuple[str, str, str]:
    """What these fields hold of a new one: every Monday morning where the viewer is."""
    return name[:MAX_NAME], pattern(Every.WEEK, _MORNING), viewer_time.zone_name()


def of_row(row: ScheduleRow) -> Recurrence:
    """What the fields hold of a schedule there is."""
    return Recurrence(
        name=row.name,
        cron=row.cron,
        time_zone=row.time_zone,
        budget_usd=row.spec.budget_usd,
        month_usd=None if row.month_micros is None else Decimal(row.month_micros) / MICROS_PER_USD,
        only_new=row.spec.skips_known,
    )


def new(name: str, budget_usd: Decimal, *, only_new: bool) -> Recurrence:
    """What the fields hold of a new one."""
    called, cron, zone = usual_times(name)
    return Recurrence(
        name=called,
        cron=cron,
        time_zone=zone,
        budget_usd=budget_usd,
        month_usd=None,
        only_new=only_new,
    )


def _when(key: str, cron: str) -> str | None:
    words = words_of(cron)
    every, at, weekday, day = words or (None, _MORNING, 0, 1)
    labels = list(_OFTEN)
    often, where, clock = st.columns(3)
    chosen = _OFTEN[
        often.selectbox("How often", labels, list(_OFTEN.values()).index(every), key=f"often_{key}")
    ]
    if chosen is None:
        typed = where.text_input(
            "Pattern", "" if words else cron, key=f"cron_{key}", placeholder="30 8 * * 1", max_chars=100,
            help="Minute, hour, day of the month, month, day of the week: 30 8 * * 1 is Monday at 08:30.",
        )  # fmt: skip
        return typed.strip() or None
    if chosen is Every.HOUR:
        minute = where.number_input("Minute of the hour", 0, 59, at.minute, key=f"minute_{key}")
        return pattern(chosen, time(0, int(minute)))
    if chosen is Every.WEEK:
        weekday = DAYS.index(where.selectbox("On", DAYS, weekday, key=f"weekday_{key}"))
    if chosen is Every.MONTH:
        days = [*(str(each) for each in range(1, 29)), _LAST]
        picked = where.selectbox("On day", days, min(day, 29) - 1, key=f"day_{key}")
        day = days.index(picked) + 1
    moment = clock.time_input("At", at, key=f"at_{key}", step=300)
    return None if moment is None else pattern(chosen, moment, weekday, day)


def _next_times(cron: str | None, zone: str, wrong: Mapping[str, str]) -> None:
    if cron is None:
        refused.below(wrong, "cron")
        return
    try:
        times = repeating.preview(cron, zone)
    except Invalid as error:
        refused.below(error.fields, "cron")
        refused.below(error.fields, "time_zone")
        return
    where = ZoneInfo(zone)
    said = ", ".join(f"{each.astimezone(where):%a %Y-%m-%d %H:%M}" for each in times[:3])
    st.caption(f"Next: {said}.")
    refused.below(wrong, "cron")


def _amount(
    label: str, start: Decimal | None, key: str, empty: str, told: str | None = None
) -> Decimal | None:
    typed = st.number_input(
        label,
        0.0,
        float(MAX_BUDGET_USD),
        None if start is None else float(start),
        step=1.0,
        format="%.2f",
        key=key,
        placeholder=empty,
        help=told,
    )
    return None if typed is None else Decimal(str(typed))
