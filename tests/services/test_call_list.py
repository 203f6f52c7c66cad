"""Whom the call list brings up next, and what comes of a call."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipeline.lead import Lead
from pipeline.suppression import subject_of
from pipeline.words.local_time import opening_at
from services import book, book_work, call_list, suppression_list
from services.book import TeamStatus
from services.book_work import Change
from services.call_list import Outcome
from services.errors import Invalid, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from store.ids import new_id
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database

TODAY = date(2026, 11, 26)
LATER = TODAY + timedelta(days=1)
ALWAYS, NEVER = "24/7", "off"


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def called(number: int, **values: object) -> Lead:
    return lead(number, phone=f"+3584012345{number:02}", **values)


def names(who: Person, skipped: tuple[Any, ...] = (), **filter: object) -> list[str]:
    chosen = LeadFilter.model_validate(filter)
    return [row.name for row in call_list.upcoming(who, chosen, LeadSort.NAME, TODAY, skipped).rows]


def ids(who: Person) -> dict[str, Any]:
    rows = book.companies(who, LeadFilter(), LeadSort.NAME, TODAY).rows
    return {row.lead.name: row.company_id for row in rows}


def test_more_than_are_looked_at_are_said_to_be_more(owner: Person) -> None:
    finished(owner, [called(number) for number in range(100)])
    found = call_list.upcoming(owner, LeadFilter(), LeadSort.NAME, TODAY, ())
    assert (len(found.rows), found.is_cut) == (100, True)
    rest = call_list.upcoming(owner, LeadFilter(), LeadSort.NAME, TODAY, (found.rows[0].company_id,))
    assert (len(rest.rows), rest.is_cut) == (99, False)


def test_due_ones_come_first_then_open_ones_and_nobody_who_cannot_be_called(owner: Person) -> None:
    finished(
        owner,
        [
            called(1, opening_hours=NEVER),
            called(2),
            called(3, opening_hours=ALWAYS),
            called(4, opening_hours=NEVER),
            called(5),
            called(6),
            called(7),
            lead(8),
            called(9, domain="listed.test"),
            called(10),
        ],
    )
    of = ids(owner)
    for name, change in {
        "Cafe 004": Change(sets_follow_up=True, follow_up_on=TODAY),
        "Cafe 005": Change(sets_follow_up=True, follow_up_on=LATER),
        "Cafe 006": Change(status="won"),
        "Cafe 007": Change(status="lost"),
    }.items():
        book_work.change(owner, [of[name]], change)
    suppression_list.add(owner, [subject_of("listed.test"), subject_of("+358401234510")], "asked us")
    assert names(owner) == ["Cafe 004", "Cafe 003", "Cafe 002", "Cafe 001"]
    assert names(owner, (of["Cafe 003"],)) == ["Cafe 004", "Cafe 002", "Cafe 001"]
    assert names(owner, team_status=TeamStatus.WON) == ["Cafe 006"]
    assert names(owner, text="001") == ["Cafe 001"]


@pytest.mark.parametrize(
    ("outcome", "status", "day", "phone"),
    [
        (Outcome.NO_ANSWER, "new", LATER, True),
        (Outcome.CALL_BACK, "contacted", LATER, True),
        (Outcome.INTERESTED, "interested", LATER, True),
        (Outcome.NOT_INTERESTED, "lost", None, True),
        (Outcome.WON, "won", None, True),
        (Outcome.WRONG_NUMBER, "new", TODAY, False),
    ],
)
def test_an_outcome_is_kept_brings_the_next_one_and_is_taken_back(
    owner: Person, outcome: Outcome, status: str, day: date | None, phone: bool
) -> None:
    finished(owner, [called(1), called(2)])
    company = ids(owner)["Cafe 001"]
    book_work.change(owner, [company], Change(sets_follow_up=True, follow_up_on=TODAY))
    assert names(owner) == ["Cafe 001", "Cafe 002"]
    done = call_list.note(owner, company, outcome, " They close early. ", LATER)
    now = book.company(owner, company)
    assert (now.row.status, now.row.follow_up_on, now.row.lead.phone is not None) == (status, day, phone)
    told = [act.detail["text"] for act in now.activities if act.kind == "note"]
    assert told[0].startswith("Call: ")
    assert told[0].endswith(". They close early.")
    assert names(owner) == ["Cafe 002"]
    call_list.undo(owner, done)
    back = book.company(owner, company).row
    assert (back.status, back.follow_up_on, back.lead.phone) == ("new", TODAY, "+358401234501")
    assert names(owner) == ["Cafe 001", "Cafe 002"]


def test_what_cannot_be_kept_is_refused_and_changes_nothing(owner: Person) -> None:
    finished(owner, [called(1)])
    company = ids(owner)["Cafe 001"]
    for written, day in (("x" * 4001, LATER), ("", None)):
        with pytest.raises(Invalid):
            call_list.note(owner, company, Outcome.NO_ANSWER, written, day)
    with pytest.raises(NotFound):
        call_list.note(owner, new_id(), Outcome.WON, "", None)
    assert book.company(owner, company).activities == ()


@pytest.mark.parametrize(
    ("lat", "lon", "hours", "zone", "is_open", "changes"),
    [
        (60.17, 24.94, "Mo-Fr 09:00-17:00", "Europe/Helsinki", True, "17:00"),
        (35.68, 139.69, "Mo-Fr 09:00-17:00", "Asia/Tokyo", False, "09:00"),
        (40.71, -74.0, ALWAYS, "America/New_York", True, None),
        (60.17, 24.94, "in the mornings", "Europe/Helsinki", None, None),
        (60.17, 24.94, None, "Europe/Helsinki", None, None),
    ],
)
def test_a_place_is_open_at_its_own_time_of_day(
    lat: float, lon: float, hours: str | None, zone: str, is_open: bool | None, changes: str | None
) -> None:
    # A Thursday; noon in Helsinki, evening in Tokyo.
    now = opening_at(datetime(2026, 11, 26, 10, tzinfo=UTC), lat, lon, hours)
    assert now is not None
    assert (now.zone, now.is_open) == (zone, is_open)
    assert (f"{now.changes_at:%H:%M}" if now.changes_at else None) == changes
    assert opening_at(datetime(2026, 11, 26, 10, tzinfo=UTC), 999, lon, hours) is None
