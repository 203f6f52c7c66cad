"""The lead book: companies are found again, their newest lead shows, and what people do stays and is noted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, ProgrammingError

from pipeline.lead import Lead
from services import book, book_work, campaigns, notes, teams
from services.book import CompanyRow, FollowUp, TeamStatus
from services.book_work import Change
from services.errors import Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store.database import Role, transaction
from tests.support.campaigns import claimed, finished, lead, store_leads, submitted
from tests.support.people import joins, person
from tests.support.servers import Database, rows

TODAY = date(2026, 11, 26)


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def shown(who: Person, sort: LeadSort = LeadSort.NAME, **filter: object) -> list[CompanyRow]:
    return list(book.companies(who, LeadFilter.model_validate(filter), sort, TODAY).rows)


def names(who: Person, sort: LeadSort = LeadSort.NAME, **filter: object) -> list[str]:
    return [row.lead.name for row in shown(who, sort, **filter)]


def one(who: Person, name: str) -> CompanyRow:
    (row,) = [row for row in shown(who) if row.lead.name == name]
    return row


def store(owner: Person, *leads: Lead) -> UUID:
    """A campaign that found these, and runs on."""
    campaign = submitted(owner)
    store_leads(claimed(owner, campaign), list(leads))
    return campaign


def test_a_company_found_twice_stands_in_the_book_once_with_its_newest_values(owner: Person) -> None:
    finished(owner, [lead(1, phone="+358401234567"), lead(2)])
    again = finished(owner, [lead(1, phone="+358407654321"), lead(3)])
    assert names(owner) == ["Cafe 001", "Cafe 002", "Cafe 003"]
    first = one(owner, "Cafe 001")
    assert (first.lead.phone, first.campaign_id) == ("+358407654321", again)
    assert book.company(owner, first.company_id).sightings[0].campaign_id == again


def test_another_record_of_the_same_name_and_phone_is_the_same_company_only_nearby(owner: Person) -> None:
    phone = "+358401234567"
    finished(owner, [lead(1, name="Corner", phone=phone)])
    finished(owner, [lead(900, name="Corner", phone=phone, lat=60.1701, lon=24.94)])
    assert len(shown(owner)) == 1
    # A branch across the town answers the same number.
    finished(owner, [lead(901, name="Corner", phone=phone, lat=60.3, lon=24.94)])
    assert len(shown(owner)) == 2


def test_two_businesses_of_one_campaign_are_two_companies(owner: Person) -> None:
    phone = "+358401234567"
    finished(owner, [lead(1, name="Corner", phone=phone), lead(2, name="Corner", phone=phone)])
    assert len(shown(owner)) == 2
    finished(owner, [lead(1, name="Corner", phone=phone), lead(2, name="Corner", phone=phone)])
    assert len(shown(owner)) == 2


def test_campaigns_that_meet_a_company_at_the_same_time_make_one_of_it(owner: Person) -> None:
    leases = [claimed(owner, submitted(owner)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda lease: store_leads(lease, [lead(number) for number in range(20)]), leases))
    assert len(shown(owner)) == 20


def test_what_people_do_stays_when_the_next_campaign_finds_the_company(owner: Person) -> None:
    finished(owner, [lead(1)])
    company = one(owner, "Cafe 001").company_id
    wanted = Change(
        status="contacted",
        sets_owner=True,
        owner_id=owner.id,
        sets_follow_up=True,
        follow_up_on=TODAY,
        adds=("Lunch", "Lunch", " two  words "),
    )
    book_work.change(owner, [company], wanted)
    notes.write(owner, company, " Call again on Monday.\nAsk for the menu. ")
    finished(owner, [lead(1)])
    row = one(owner, "Cafe 001")
    assert (row.company_id, row.status, row.owner) == (company, TeamStatus.CONTACTED, "owner@example.com")
    assert (row.follow_up_on, row.tags) == (TODAY, ("Lunch", "two words"))
    done = book.company(owner, company).activities
    assert {activity.kind for activity in done} == {"note", "status", "owner", "follow_up", "tags"}
    assert done[0].detail == {"text": "Call again on Monday.\nAsk for the menu."}
    assert {activity.user for activity in done} == {"owner@example.com"}


def test_every_filter_of_the_team_leaves_out_what_it_should(owner: Person) -> None:
    finished(owner, [lead(1), lead(2), lead(3, chain="Coffee chain")])
    first, second = one(owner, "Cafe 001").company_id, one(owner, "Cafe 002").company_id
    book_work.change(
        owner, [first], Change(status="won", sets_owner=True, owner_id=owner.id, adds=("Lunch",))
    )
    book_work.change(owner, [second], Change(sets_follow_up=True, follow_up_on=date(2026, 11, 27)))
    for filter, expected in (
        ({"team_status": TeamStatus.WON}, ["Cafe 001"]),
        ({"team_status": TeamStatus.NEW}, ["Cafe 002", "Cafe 003"]),
        ({"owner": owner.id}, ["Cafe 001"]),
        ({"has_owner": False}, ["Cafe 002", "Cafe 003"]),
        ({"tag": "Lunch"}, ["Cafe 001"]),
        ({"follow_up": FollowUp.SET}, ["Cafe 002"]),
        ({"follow_up": FollowUp.DUE}, []),
        ({"follow_up": FollowUp.NONE}, ["Cafe 001", "Cafe 003"]),
        ({"is_chain": True}, ["Cafe 003"]),
        ({"is_chain": False}, ["Cafe 001", "Cafe 002"]),
    ):
        assert names(owner, **filter) == expected, filter
    assert names(owner, LeadSort.FOLLOW_UP)[0] == "Cafe 002"
    assert names(owner, LeadSort.FOLLOW_UP_REVERSED)[0] == "Cafe 002"
    finished(owner, [lead(4)])
    assert names(owner, LeadSort.NEWEST)[0] == "Cafe 004"
    assert names(owner, LeadSort.NEWEST_REVERSED)[-1] == "Cafe 004"
    campaigns.delete(owner, one(owner, "Cafe 004").campaign_id)
    assert book.companies(owner, LeadFilter(), LeadSort.BEST, TODAY).matching == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cafe", True),
        ("café", True),
        ("Corn", True),
        ("corner cafe", True),
        ("orner", False),
        ("+358 40 123", True),
        ("040", False),
        ("example.com", True),
        ("corner'; drop table leads; --", False),
        ("' | corner:*", True),
        ("\\", False),
        ("&", False),
    ],
)
def test_text_is_found_by_the_beginnings_of_words(owner: Person, text: str, found: bool) -> None:
    finished(owner, [lead(1, name="The Corner Café", phone="+358401234567", email="info@example.com")])
    assert bool(names(owner, text=text)) is found


def test_words_of_another_workspace_find_nothing(owner: Person) -> None:
    finished(owner, [lead(1)])
    assert names(person("stranger"), text="cafe") == []


def test_many_are_changed_at_once_and_taken_back(owner: Person) -> None:
    finished(owner, [lead(number) for number in range(30)])
    ids = book_work.matching(owner, LeadFilter(min_confidence=10), TODAY)
    assert len(ids) == 20
    kept = ids[0]
    book_work.change(owner, [kept], Change(status="lost", adds=("Old",)))
    before = book_work.change(owner, ids, Change(status="lost", adds=("Old", "New")))
    assert len(before) == 20
    assert len(shown(owner, team_status=TeamStatus.LOST)) == 20
    book_work.undo(owner, before)
    assert [row.company_id for row in shown(owner, team_status=TeamStatus.LOST)] == [kept]
    assert shown(owner, tag="Old")[0].tags == ("Old",)
    assert book_work.change(owner, ids[:1], Change(status="lost")) == ()


@pytest.mark.parametrize(
    "wanted",
    [
        Change(adds=("",)),
        Change(adds=("x" * 41,)),
        Change(adds=tuple(f"tag {number}" for number in range(21))),
        Change(adds=("a\x00b",)),
        Change(sets_owner=True, owner_id=UUID(int=7)),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(owner: Person, wanted: Change) -> None:
    finished(owner, [lead(1)])
    company = one(owner, "Cafe 001").company_id
    with pytest.raises(Invalid):
        book_work.change(owner, [company], wanted)
    assert book.company(owner, company).activities == ()


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4001])
def test_a_note_says_something(owner: Person, text: str) -> None:
    finished(owner, [lead(1)])
    with pytest.raises(Invalid):
        notes.write(owner, one(owner, "Cafe 001").company_id, text)


def test_a_viewer_looks_on_and_a_stranger_sees_nothing(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    company = one(owner, "Cafe 001").company_id
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    assert names(viewer) == ["Cafe 001"]
    for act in (
        lambda: book_work.change(viewer, [company], Change(status="won")),
        lambda: notes.write(viewer, company, "A note"),
        lambda: book_work.undo(viewer, ()),
    ):
        with pytest.raises(NotAllowed):
            act()
    stranger = person("stranger")
    assert names(stranger) == []
    assert book_work.change(stranger, [company], Change(status="won")) == ()
    for look in (
        lambda: book.company(stranger, company),
        lambda: notes.write(stranger, company, "A note"),
    ):
        with pytest.raises(NotFound):
            look()


@pytest.mark.parametrize(
    "statement",
    [
        "update companies set status = 'won'",
        "update companies set first_seen_at = now()",
        "update leads set team_status = 'won'",
        "insert into activities (workspace_id, company_id, user_id, kind, detail)"
        " select workspace_id, id, '{me}', 'note', '{{}}' from companies",
        "delete from activities",
        "delete from companies",
    ],
)
def test_with_sql_of_their_own_a_viewer_changes_nothing(
    owner: Person, database: Database, statement: str
) -> None:
    finished(owner, [lead(1)])
    notes.write(owner, one(owner, "Cafe 001").company_id, "A note")
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    state = "select c::text, l.team_status, a::text from companies c, leads l, activities a"
    before = rows(database.superuser_url, state)
    with suppress(DBAPIError), transaction(Role.WEB, proof=viewer.proof) as conn:
        conn.execute(sa.text(statement.format(me=viewer.id)))
    assert rows(database.superuser_url, state) == before


def test_nobody_writes_in_another_ones_name_or_a_change_that_was_none(
    owner: Person, database: Database
) -> None:
    finished(owner, [lead(1)])
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    insert = (
        "insert into activities (workspace_id, company_id, user_id, kind, detail)"
        " select workspace_id, id, '{user}', '{kind}', '{{}}' from companies"
    )
    for user, kind in ((owner.id, "note"), (member.id, "status")):
        with pytest.raises(ProgrammingError), transaction(Role.WEB, proof=member.proof) as conn:
            conn.execute(sa.text(insert.format(user=user, kind=kind)))


def test_when_a_campaign_is_deleted_the_lead_before_shows_and_a_company_without_any_goes(
    owner: Person, database: Database
) -> None:
    first = finished(owner, [lead(1, phone="+358401234567")])
    second = finished(owner, [lead(1), lead(2)])
    notes.write(owner, one(owner, "Cafe 002").company_id, "Gone with it")
    notes.write(owner, one(owner, "Cafe 001").company_id, "Stays")
    assert book.worked_on_only_in(owner, second) == 1
    campaigns.delete(owner, second)
    (row,) = shown(owner)
    assert (row.campaign_id, row.lead.phone) == (first, "+358401234567")
    assert names(owner, text="cafe") == ["Cafe 001"]
    campaigns.delete(owner, first)
    assert shown(owner) == []
    assert rows(
        database.superuser_url,
        "select (select count(*) from companies), (select count(*) from company_keys),"
        " (select count(*) from activities)",
    ) == [(0, 0, 0)]


def test_who_leaves_owns_nothing_any_more(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    company = one(owner, "Cafe 001").company_id
    book_work.change(owner, [company], Change(sets_owner=True, owner_id=member.id))
    assert one(owner, "Cafe 001").owner == "member@example.com"
    teams.remove(owner, member.id)
    assert one(owner, "Cafe 001").owner_id is None
