"""The week a place is like in most weeks of a year, as the database compares moments with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.words.local_time import opening_at
from pipeline.words.normal_week import normal_week, open_week

HELSINKI = (60.17, 24.94)


@pytest.mark.parametrize(
    ("hours", "week"),
    [
        ("Mo,We 09:00-17:00", "{[540,1020),[3420,3900)}"),
        ("Fr 20:00-03:00", "{[6960,7380)}"),
        ("Su 22:00-02:00", "{[0,120),[9960,10080)}"),
        ("24/7", "{[0,10080)}"),
        ("off", "{}"),
        ("Mo 08:00-09:00; Dec 25 off; PH off", "{[480,540)}"),
        ("Mo 08:00-09:00; 2020 Mar 01+ off", "{}"),
        ("Mo 08:00-09:00; PH,Su 10:00-12:00", "{[480,540),[9240,9360)}"),
        ("Jun-Aug Mo 10:00-11:00", None),
        ("week 1-53/2 Mo 10:00-12:00", None),
        ("Mo[1] 10:00-12:00", None),
        ("sunrise-sunset", None),
        ("Mo-Fr 09:00-17:00; Sa unknown", None),
        ("in the mornings", None),
        ('"by appointment"', None),
        ('Mo-Fr 09:00-17:00; Sa "by appointment"', None),
        ('Mo open "ring twice"', "{[0,1440)}"),
        ('closed "moved away"', "{}"),
        ("PH off", None),
        ("Su off", None),
    ],
)
def test_hours_come_to_the_minutes_of_a_week(hours: str, week: str | None) -> None:
    assert open_week(hours) == week


def test_what_depends_on_an_appointment_is_neither_open_nor_closed_in_the_panel_either() -> None:
    now = opening_at(datetime(2026, 9, 16, tzinfo=ZoneInfo("UTC")), *HELSINKI, '"by appointment"')
    assert now is not None
    assert (now.is_open, now.changes_at) == (None, None)


def test_a_week_is_that_of_its_place() -> None:
    assert normal_week("24/7", *HELSINKI) == ("{[0,10080)}", "Europe/Helsinki")
    assert normal_week("24/7", None, None) is None
    assert normal_week("24/7", 999, 0) is None
    assert normal_week(None, *HELSINKI) is None


@pytest.mark.parametrize(
    "hours", ["Mo-Fr 09:00-17:00; Sa 10:00-14:30", "Tu-Su 18:00-02:00", "Mo-Th 11:15-23:00, Fr-Su 11:00+"]
)
def test_in_a_week_without_holidays_a_place_is_open_when_the_panel_says_so(hours: str) -> None:
    monday = datetime(2026, 9, 14, tzinfo=ZoneInfo("Europe/Helsinki"))
    week = open_week(hours)
    assert week is not None
    spans = [tuple(map(int, span.split(","))) for span in week[2:-2].split("),[")]
    for quarter in range(7 * 24 * 4):
        now = opening_at(monday + timedelta(minutes=15 * quarter), *HELSINKI, hours)
        assert now is not None
        assert now.is_open == any(start <= 15 * quarter < end for start, end in spans)
