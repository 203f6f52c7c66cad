"""Schedules over a year of every time zone, and after a day in which nothing ran.

By the clock: what is due every day has to be due once on each day of the zone, whatever its clock does, and what is due
every hour each hour that passes; counted for all zones of the time zone database, with the times nearest to the changes
of the clock. By the database: schedules that are all a day late, placed by one worker, beside as many orders placed by
hand.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bench._installation import installation
from embedded.layout import Layout
from embedded.postgres import Postgres
from jobs.schedules import place_due
from pipeline.timing import Timing, zones
from services import campaigns, schedules
from services.identity import Person
from services.schedules import Recurrence
from store.ids import new_id
from tests.support.campaigns import SPEC
from tests.support.servers import change

_BEGINS, _DAYS = datetime(2026, 1, 1, tzinfo=UTC), 365
_TIMES_OF_DAY = ("30 0 * * *", "30 1 * * *", "30 2 * * *", "30 3 * * *", "0 8 * * *")
_HOURLY = "0 * * * *"
_MOST = 50
_BAR = 3.0
"""Placing one by schedule, divided by placing it by hand: nobody waits for it."""


def main() -> None:
    """Print what was due too often or not at all, and what a late one costs. Exit code 1 when any was, or above the
    bar."""
    wrong = _by_the_clock()
    ratio = _by_the_database()
    sys.stdout.write(f"{'PASS' if not wrong and ratio <= _BAR else 'MISS'}\n")
    raise typer.Exit(int(bool(wrong) or ratio > _BAR))


def _by_the_clock() -> int:
    names = sorted(zones())
    changing = [zone for zone in names if _offsets(zone) > 1]
    found: Counter[str] = Counter()
    for zone in changing:
        for cron in _TIMES_OF_DAY:
            found += _daily(cron, zone)
        times = Timing(cron=_HOURLY, time_zone=zone).next_times(_BEGINS, 24 * _DAYS)
        steps = [later - earlier for earlier, later in pairwise(times)]
        found["hours"] += len(steps)
        # Lord Howe Island moves its clock by half an hour: there one hour of the clock is half or one and a half.
        found["hours that came early or late"] += sum(
            not timedelta(minutes=30) <= step <= timedelta(minutes=90) for step in steps
        )
    wrong = found["days twice"] + found["days left out"] + found["hours that came early or late"]
    sys.stdout.write(
        f"{len(names)} time zones, {len(changing)} of which change their clocks within {_DAYS} days:"
        f" {found['days']:,} days due, {found['days twice']} twice, {found['days left out']} left out;"
        f" {found['hours']:,} hours due, {found['hours that came early or late']} early or late\n"
    )
    return wrong


def _offsets(zone: str) -> int:
    where = ZoneInfo(zone)
    return len({(_BEGINS + timedelta(days=day)).astimezone(where).utcoffset() for day in range(_DAYS)})


def _daily(cron: str, zone: str) -> Counter[str]:
    where = ZoneInfo(zone)
    times = Timing(cron=cron, time_zone=zone).next_times(_BEGINS, _DAYS)
    days = Counter(each.astimezone(where).date() for each in times)
    first = min(days)
    missing = sum(first + timedelta(days=day) not in days for day in range((max(days) - first).days))
    return Counter(
        {
            "days": len(times),
            "days twice": sum(times - 1 for times in days.values()),
            "days left out": missing,
        }
    )


def _by_the_database() -> float:
    with installation() as (folder, owner):
        campaign = campaigns.submit(owner, SPEC, str(new_id()))
        for number in range(_MOST):
            schedules.add(owner, campaign, _hourly(number))
        change(_superuser(folder), "update schedules set next_at = now() - interval '1 day'")
        begun = time.perf_counter()
        said = place_due()
        by_schedule_ms = (time.perf_counter() - begun) * 1000 / _MOST
        runs = schedules.runs(owner, schedules.listing(owner)[0].id)
        by_hand_ms = _by_hand(owner)
    sys.stdout.write(
        f"{_MOST} hourly schedules, a day late: {said}, each once for {runs[0].missed + 1} times;"
        f" {by_schedule_ms:.1f} ms each, by hand {by_hand_ms:.1f} ms, ratio {by_schedule_ms / by_hand_ms:.2f}\n"
    )
    return by_schedule_ms / by_hand_ms


def _hourly(number: int) -> Recurrence:
    return Recurrence(
        name=f"Hourly {number}",
        cron=_HOURLY,
        time_zone="Europe/Helsinki",
        budget_usd=Decimal(0),
        month_usd=None,
        only_new=False,
    )


def _superuser(folder: Path) -> str:
    return Postgres(Layout(folder)).url("postgres")


def _by_hand(owner: Person) -> float:
    begun = time.perf_counter()
    for _ in range(_MOST):
        campaigns.submit(owner, SPEC, str(new_id()))
    return (time.perf_counter() - begun) * 1000 / _MOST


if __name__ == "__main__":
    typer.run(main)
