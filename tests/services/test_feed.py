"""What a team did, newest first: of everything, by kind, person and day, page by page, and of nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services import book, book_export, book_work, feed, notes
from services.book_work import Change
from services.feed import FeedPage, Kind
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store.database import Role, transaction
from store.feed import FeedWhere, of_companies
from tests.support.campaigns import finished, lead
from tests.support.people import joins, person
from tests.support.servers import Database, change

NOW = datetime.now(UTC)


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    found = person("owner")
    finished(found, [lead(number) for number in range(1, 4)])
    return found


@pytest.fixture
def anna(owner: Person, database: Database) -> Person:
    return joins(database, person("anna"), owner, MemberRole.MEMBER)


def companies(who: Person) -> list[UUID]:
    found = book.companies(who, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows
    return [row.company_id for row in found]


def told(page: FeedPage) -> list[tuple[str, str | None, int]]:
    return [(row.kind, row.user, row.number) for row in page.rows]


def test_all_that_was_done_stands_there_newest_first_and_one_act_once(owner: Person, anna: Person) -> None:
    every = companies(owner)
    notes.write(anna, every[0], "For @owner@example.com")
    book_work.change(owner, every, Change(status="contacted", adds=("North",)))
    book_export.export(owner, LeadFilter(), LeadSort.NAME, "csv")
    page = feed.look(owner)
    assert told(page) == [
        ("export", owner.email, 3),
        ("status", owner.email, 3),
        ("tags", owner.email, 3),
        ("note", anna.email, 1),
        ("ended", None, 3),
        ("ordered", owner.email, 1),
    ]
    assert page.rows[3].detail == {"text": "For @owner@example.com"}
    assert (page.rows[3].about, page.rows[3].name, page.next_cursor) == (every[0], "Cafe 001", None)


def test_it_is_narrowed_to_kinds_people_and_days(owner: Person, anna: Person, database: Database) -> None:
    first, second, _ = companies(owner)
    notes.write(owner, first, "Long ago")
    change(database.superuser_url, "update activities set at = now() - interval '9 days'")
    notes.write(anna, first, "Now")
    book_work.change(anna, [second], Change(status="won"))
    assert told(feed.look(owner, Kind.NOTES)) == [("note", anna.email, 1), ("note", owner.email, 1)]
    assert told(feed.look(owner, None, anna.id)) == [("status", anna.email, 1), ("note", anna.email, 1)]
    assert told(feed.look(owner, Kind.STATUS, owner.id)) == []
    week = NOW - timedelta(days=7)
    assert told(feed.look(owner, Kind.NOTES, None, week)) == [("note", anna.email, 1)]
    assert told(feed.look(owner, Kind.NOTES, None, None, week)) == [("note", owner.email, 1)]
    assert told(feed.look(owner, Kind.HAND_OFFS)) == []


def test_pages_leave_nothing_out_and_show_nothing_twice(owner: Person, database: Database) -> None:
    first, second, _ = companies(owner)
    change(
        database.superuser_url,
        "insert into activities (workspace_id, company_id, user_id, kind, detail, at)"
        f" select '{owner.workspace_id}', c, '{owner.id}', 'note', jsonb_build_object('text', n::text),"
        " now() - n * interval '1 hour'"
        f" from generate_series(1, 120) n, unnest(array['{first}', '{second}']::uuid[]) c",
    )
    seen, cursor = [], None
    for _ in range(3):
        page = feed.look(owner, Kind.NOTES, cursor=cursor)
        seen += [row.detail["text"] for row in page.rows]
        assert {row.number for row in page.rows} == {2}
        cursor = page.next_cursor
    assert (seen, cursor) == ([str(number) for number in range(1, 121)], None)
    for hostile in ("x", "WyJub3ciXQ", "WyIyMDI2LTAxLTAxIl0"):
        assert told(feed.look(owner, Kind.NOTES, cursor=hostile)) == told(feed.look(owner, Kind.NOTES))


def test_a_stranger_sees_nothing_and_a_viewer_no_hand_offs(owner: Person, database: Database) -> None:
    change(
        database.superuser_url,
        "insert into crm_connections (workspace_id, crm, token, mapping, created_by)"
        f" values ('{owner.workspace_id}', 'hubspot', 'x', '{{}}', '{owner.id}')",
    )
    change(
        database.superuser_url,
        "insert into crm_runs (workspace_id, id, crm, created_by, pushes, state)"
        f" values ('{owner.workspace_id}', gen_random_uuid(), 'hubspot', '{owner.id}', true, 'done')",
    )
    assert told(feed.look(owner))[0] == ("push", owner.email, 1)
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    assert [row.kind for row in feed.look(viewer).rows] == ["ended", "ordered"]
    assert feed.look(person("stranger")).rows == ()


def test_a_page_reads_no_more_of_many_acts_than_of_few(owner: Person, database: Database) -> None:
    (first, *_) = companies(owner)

    def read() -> int:
        """Rows of activities that pages look at."""
        change(database.superuser_url, "analyze activities")
        with transaction(Role.WEB, proof=owner.proof) as conn:
            for who in (None, owner.id):
                where = FeedWhere(kinds=("note", "status", "tags"), user_id=who)
                assert len(of_companies(conn, owner.workspace_id, where, 51)) == 51
            looked_at = "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'activities'"
            return int(conn.execute(sa.text(looked_at)).scalar_one())

    def written(many: int) -> None:
        change(
            database.superuser_url,
            "insert into activities (workspace_id, company_id, user_id, kind, detail, at)"
            f" select '{owner.workspace_id}', '{first}', '{owner.id}', 'status',"
            ' \'{"from": "new", "to": "won"}\', now() - n * interval \'1 second\' - interval \'1 minute\''
            f" from generate_series(1, {many}) n",
        )

    written(200)
    small = read()
    written(20_000)
    assert 0 < read() < 3 * small
