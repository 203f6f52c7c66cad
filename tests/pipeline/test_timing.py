"""When something that repeats is due, by clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from pipeline.timing import Every, Timing, in_words, pattern

HELSINKI = "Europe/Helsinki"


def due(cron: str, zone: str, since: str, number: int) -> list[str]:
    """The next times on the clock of the zone."""
    where = ZoneInfo(zone)
    times = Timing(cron=cron, time_zone=zone).next_times(datetime.fromisoformat(since), number)
    return [f"{each.astimezone(where):%m-%d %H:%M%z}" for each in times]


def test_what_falls_into_the_hour_that_does_not_exist_is_due_when_it_would_have_ended() -> None:
    assert due("30 3 * * *", HELSINKI, "2026-03-27T12:00Z", 3) == [
        "03-28 03:30+0200", "03-29 04:00+0300", "03-30 03:30+0300",
    ]  # fmt: skip
    assert due("30 2 * * *", "America/New_York", "2026-03-07T12:00Z", 2) == [
        "03-08 03:00-0400",
        "03-09 02:30-0400",
    ]


def test_what_falls_into_the_hour_that_comes_twice_is_due_once() -> None:
    assert due("30 3 * * *", HELSINKI, "2026-10-24T12:00Z", 2) == ["10-25 03:30+0300", "10-26 03:30+0200"]
    assert due("30 1 * * *", "America/New_York", "2026-10-31T12:00Z", 2) == [
        "11-01 01:30-0400", "11-02 01:30-0500",
    ]  # fmt: skip


@pytest.mark.parametrize("changed_on", ["2026-03-29T00:00Z", "2026-10-25T00:00Z"])
def test_what_is_due_every_hour_is_due_each_hour_that_passes(changed_on: str) -> None:
    times = Timing(cron="0 * * * *", time_zone=HELSINKI).next_times(
        datetime.fromisoformat(changed_on) - timedelta(hours=12), 24
    )
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(hours=1)}


def test_a_time_of_day_stays_where_it_is_while_the_clocks_change() -> None:
    times = Timing(cron="0 8 * * *", time_zone="Australia/Lord_Howe").next_times(
        datetime(2026, 1, 1, tzinfo=UTC), 365
    )
    assert {f"{each.astimezone(ZoneInfo('Australia/Lord_Howe')):%H:%M}" for each in times} == {"08:00"}


@pytest.mark.parametrize(
    ("every", "cron", "says"),
    [
        (Every.HOUR, "30 * * * *", "At minute 30 of every hour"),
        (Every.DAY, "30 8 * * *", "At 08:30 every day"),
        (Every.WORKDAY, "30 8 * * 1-5", "At 08:30 on Monday through Friday"),
        (Every.WEEK, "30 8 * * 7", "At 08:30 on Sunday"),
        (Every.MONTH, "30 8 L * *", "At 08:30 on the last day of every month"),
    ],
)
def test_words_are_patterns_and_patterns_words(every: Every, cron: str, says: str) -> None:
    assert pattern(every, time(8, 30), weekday=6, day=30) == cron
    assert in_words(cron) == says


def test_a_month_has_the_day_it_is_due_on() -> None:
    cron = pattern(Every.MONTH, time(8), day=31)
    times = Timing(cron=cron, time_zone="UTC").next_times(datetime(2026, 1, 15, tzinfo=UTC), 4)
    assert [f"{each:%m-%d}" for each in times] == ["01-31", "02-28", "03-31", "04-30"]


def test_what_passed_is_counted_and_what_is_due_next_lies_ahead() -> None:
    hourly = Timing(cron="0 * * * *", time_zone=HELSINKI)
    began = datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert hourly.passed(began, began + timedelta(minutes=59)) == 0
    assert hourly.passed(began, began + timedelta(days=1, minutes=1)) == 24
    assert hourly.passed(began, began + timedelta(days=3650)) == 10_000
    assert hourly.after(began + timedelta(days=1, minutes=1)) == began + timedelta(days=1, hours=1)


@pytest.mark.parametrize(
    ("cron", "why"),
    [
        ("*/30 * * * *", "more often than every hour"),
        ("0,59 0 1 1 *", "more often than every hour"),
        ("0 8 * *", "has five fields"),
        ("0 0 8 * * *", "has five fields"),
        ("@daily", "has five fields"),
        ("", "has five fields"),
        ("0 25 * * *", "bad hour"),
        ("0 0 30 2 *", "bad day-of-month"),
        ("0 0 31 4,6,9,11 *", "bad day-of-month|never comes"),
    ],
)
def test_a_pattern_that_makes_no_schedule_is_refused_with_why(cron: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Timing(cron=cron, time_zone="UTC")


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../../etc/passwd", "Europe/Helsinki\n"])
def test_a_time_zone_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="is not known"):
        Timing(cron="0 8 * * *", time_zone=zone)
