"""Leads that are open now: by the clock of their place, as their hours stand there, in the book and in a campaign."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from pipeline.lead import Lead
from pipeline.words.local_time import opening_at
from pipeline.words.normal_week import open_week
from services import book, book_edits, call_list, results
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database, change, rows

TODAY = date(2026, 11, 26)
PLACES = {
    "Europe/Helsinki": (60.17, 24.94),
    "America/New_York": (40.71, -74.0),
    "Pacific/Auckland": (-36.85, 174.76),
    "Asia/Kathmandu": (27.7, 85.32),
}


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def around_now(zone: str, first: int, last: int) -> str:
    """Every day from so many hours from now on, by the clock of the zone."""
    now = datetime.now(ZoneInfo(zone))
    return "-".join(f"{now + timedelta(hours=hours):%H:%M}" for hours in (first, last))


def placed(number: int, zone: str, hours: str | None) -> Lead:
    lat, lon = PLACES[zone]
    return lead(number, lat=lat, lon=lon, opening_hours=hours, phone=f"+3584012345{number:02}")


def found(who: Person, campaign: UUID, *, is_open: bool) -> list[str]:
    chosen = LeadFilter(is_open=is_open)
    shown = book.companies(who, chosen, LeadSort.NAME, TODAY)
    names = [row.lead.name for row in shown.rows]
    assert shown.matching == len(names)
    assert [row.name for row in results.leads(who, campaign, chosen, LeadSort.NAME).rows] == names
    calls = call_list.upcoming(who, chosen, LeadSort.NAME, TODAY, ()).rows
    assert sorted(row.name for row in calls) == names
    return names


def test_each_place_goes_by_its_own_clock_and_what_nobody_knows_is_neither(owner: Person) -> None:
    helsinki, *others = PLACES
    campaign = finished(
        owner,
        [
            *(placed(number, zone, around_now(zone, -3, 3)) for number, zone in enumerate(PLACES, 1)),
            # Open now by the clock of Helsinki, and hours later or earlier at their own.
            *(
                placed(number, zone, around_now(helsinki, -3, 3))
                for number, zone in enumerate(others[:2], 11)
            ),
            placed(21, helsinki, around_now(helsinki, 3, 6)),
            placed(31, helsinki, None),
            placed(32, helsinki, "in the mornings"),
            placed(33, helsinki, "Jan-Jun 00:00-24:00"),
            lead(34, lat=None, lon=None, opening_hours="24/7"),
        ],
    )
    assert found(owner, campaign, is_open=True) == [f"Cafe {number:03}" for number in (1, 2, 3, 4)]
    assert found(owner, campaign, is_open=False) == ["Cafe 011", "Cafe 012", "Cafe 021"]


def test_where_most_are_open_all_of_them_are_found(owner: Person) -> None:
    """Of so many the index is not asked."""
    hours = ["24/7"] * 60 + ["off"] * 5 + [None] * 5
    campaign = finished(owner, [placed(number, "Europe/Helsinki", each) for number, each in enumerate(hours)])
    chosen = LeadFilter(is_open=True)
    assert book.companies(owner, chosen, LeadSort.NAME, TODAY).matching == 60
    assert results.leads(owner, campaign, chosen, LeadSort.NAME).matching == 60
    chosen = LeadFilter(is_open=True, text="cafe 00")
    assert book.companies(owner, chosen, LeadSort.NAME, TODAY).matching == 10


def test_hours_that_are_corrected_count_until_they_are_taken_back(owner: Person) -> None:
    cafes = [placed(1, "Europe/Helsinki", "off"), placed(2, "Asia/Kathmandu", None)]
    campaign = finished(owner, cafes)
    every = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    first, second = (row.company_id for row in every)
    for company in (first, second):
        book_edits.edit(owner, company, {"opening_hours": "24/7"})
    assert found(owner, campaign, is_open=True) == ["Cafe 001", "Cafe 002"]
    # Whatever a campaign finds later.
    again = finished(owner, cafes)
    assert found(owner, again, is_open=True) == ["Cafe 001", "Cafe 002"]
    book_edits.edit(owner, second, {"opening_hours": ""})
    assert found(owner, again, is_open=True) == ["Cafe 001"]
    assert found(owner, again, is_open=False) == []
    for company in (first, second):
        book_edits.take_back(owner, company, ["opening_hours"])
    assert found(owner, again, is_open=True) == []
    assert found(owner, again, is_open=False) == ["Cafe 001"]
    shown = book.company(owner, second)
    assert "open_week" not in str(shown.detail.row) + str(shown.edits)


WEEK = "select name, open_week::text, time_zone from leads order by name"


@pytest.mark.parametrize(
    "lost", ["opening_hours = null", "lat = null, lon = null", "time_zone = 'Nowhere/At_all'"]
)
def test_a_week_goes_with_its_hours_its_place_and_a_zone_that_postgres_knows(
    owner: Person, database: Database, lost: str
) -> None:
    finished(owner, [placed(1, "Europe/Helsinki", "24/7"), placed(2, "Asia/Kathmandu", "Mo 08:00-09:00")])
    kept = ("Cafe 001", "{[0,10080)}", "Europe/Helsinki")
    assert rows(database.superuser_url, WEEK) == [kept, ("Cafe 002", "{[480,540)}", "Asia/Kathmandu")]
    change(database.superuser_url, f"update leads set {lost} where name = 'Cafe 002'")
    assert rows(database.superuser_url, WEEK) == [kept, ("Cafe 002", None, None)]


def test_nothing_of_hours_that_were_forgotten_is_kept_behind_a_correction(
    owner: Person, database: Database
) -> None:
    finished(owner, [placed(1, "Europe/Helsinki", "off")])
    (row,) = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    book_edits.edit(owner, row.company_id, {"opening_hours": "24/7"})
    covered = "select found #>> '{open_week,value}', open_week::text from leads"
    assert rows(database.superuser_url, covered) == [("{}", "{[0,10080)}")]
    change(
        database.superuser_url,
        """update leads set found = found || '{"opening_hours": {"value": null}}'""",
    )
    assert rows(database.superuser_url, covered) == [(None, "{[0,10080)}")]


def test_the_database_reads_the_clock_of_a_place_as_the_panel_does(database: Database) -> None:
    """Through two changes of the clock, over midnight and over the end of the week."""
    hours = "Su-Th 18:00-02:30; Fr,Sa 20:00-05:00"
    asked = """
        select '{week}'::int4multirange @> minute_of_week(moment, '{zone}')
        from unnest(array[{moments}]::timestamptz[]) with ordinality as asked (moment, place)
        order by place
    """
    for zone, (lat, lon) in PLACES.items():
        starts = [
            datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 7), (3, 28), (10, 31), (11, 7))
        ]
        moments = [start + timedelta(minutes=30 * step) for start in starts for step in range(3 * 48)]
        told = [opening_at(moment, lat, lon, hours) for moment in moments]
        written = ", ".join(f"'{moment.isoformat()}'" for moment in moments)
        statement = asked.format(week=open_week(hours), zone=zone, moments=written)
        assert [is_open for (is_open,) in rows(database.superuser_url, statement)] == [
            now.is_open if now else None for now in told
        ], zone
