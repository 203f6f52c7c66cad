"""Large files of leads: made by whoever takes them up, for their maker alone, and gone in time."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from pipeline.lead import Origin
from pipeline.suppression import subject_of
from services import book_export, book_file_work, book_files, erasing, watching
from services.book_files import FileState
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from services.watching import News
from store import export_work
from store.database import Role, transaction
from store.export_work import ExportWork
from tests.support.book_files import asked, content, made, work
from tests.support.campaigns import finished, lead
from tests.support.people import joins, person
from tests.support.plugins import TOY_FORMAT, added_plugin
from tests.support.servers import Database, change, rows

_SMALL_FORMAT = """
    from pipeline.output.formats import xlsx

    FORMAT = xlsx.FORMAT.model_copy(update={"key": "small", "label": "Small", "extension": "small", "most": 2})
"""


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def taken() -> ExportWork:
    """The file that is due, by a worker that says no more."""
    with transaction(Role.WORKER) as conn:
        found = export_work.take(conn, 60)
    assert found is not None
    return found


def silent(database: Database) -> None:
    """Time passes in which nobody hears of the worker."""
    change(database.superuser_url, "update export_files set lease_until = now() - interval '1 second'")


@pytest.mark.parametrize(
    ("format", "sort"),
    [
        ("csv", LeadSort.OWNER),
        ("json", LeadSort.NAME),
        ("xlsx", LeadSort.NEWEST),
        ("hubspot", LeadSort.TEAM_STATUS),
    ],
)
def test_a_worker_makes_the_file_somebody_would_get_at_once(
    owner: Person, database: Database, format: str, sort: LeadSort
) -> None:
    google = Origin(source="google_places", ref="places/1")
    sold = {"website": "https://lantern.test/", "domain": "lantern.test"}
    finished(owner, [lead(number, **sold) for number in range(3)])
    made_up = finished(owner, [lead(7, phone="+358401234567", provenance={"phone": google})])
    change(database.superuser_url, f"update campaigns set simulated = true where id = '{made_up}'")
    file_id = made(owner, format, sort, part_bytes=300)
    at_once = book_export.export(owner, LeadFilter(), sort, format)
    row, data = book_files.one(owner, file_id), content(owner, file_id)
    assert (row.state, row.rows, row.left_out, row.passed) == (
        FileState.READY,
        at_once.rows,
        at_once.left_out,
        0,
    )
    assert row.name == at_once.filename
    assert row.size == len(data) > 600
    if format == "xlsx":
        assert ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml") == ZipFile(BytesIO(at_once.data)).read(
            "xl/worksheets/sheet1.xml"
        )
    elif format == "json":
        assert json.loads(data)["leads"] == json.loads(at_once.data)["leads"]
    else:
        assert data == at_once.data
    ((kept_id, kind, count, sha),) = rows(
        database.superuser_url,
        f"select id, format, row_count, sha256 from exports where id = '{file_id}' and campaign_id is null",
    )
    assert (kept_id, kind, count) == (str(file_id), format, at_once.rows)
    assert bytes(sha) == hashlib.sha256(data).digest()  # type: ignore[call-overload]


def test_a_file_is_its_makers_alone_one_at_a_time(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    file_id = made(owner)
    for other in (member, person("stranger")):
        with pytest.raises(NotFound):
            book_files.download(other, file_id)
        with pytest.raises(NotFound):
            book_files.discard(other, file_id)
        assert book_files.mine(other) == ()
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    with pytest.raises(NotAllowed):
        book_files.download(viewer, file_id)
    second = asked(owner)
    with pytest.raises(Conflict, match="being made"):
        asked(owner)
    with pytest.raises(NotFound):
        book_files.download(owner, second)
    theirs = asked(member)
    assert len(work()) == 2
    assert content(member, theirs) == content(owner, second)
    for _ in range(book_files.MOST_KEPT):
        book_files.discard(owner, asked(owner))
        made(owner)
    assert len(rows(database.superuser_url, f"select from export_files where user_id = '{owner.id}'")) == 3
    with pytest.raises(NotFound):
        book_files.download(owner, file_id)


def test_another_worker_makes_the_file_of_one_that_died_and_the_dead_one_leaves_no_trace(
    owner: Person, database: Database
) -> None:
    finished(owner, [lead(1)])
    file_id = asked(owner)
    stale = taken()
    assert not book_file_work.are_due()
    with transaction(Role.WORKER, lease=stale) as conn:
        assert export_work.go_on(conn, 1, 2, 60)
        assert export_work.add_part(conn, 0, b"half a file")
    assert (book_files.one(owner, file_id).passed, book_files.one(owner, file_id).expected) == (1, 2)
    silent(database)
    assert work() == ["A file with 1 lead was made."]
    with transaction(Role.WORKER, lease=stale) as conn:
        assert not export_work.go_on(conn, 2, 2, 60)
        assert not export_work.add_part(conn, 9, b"more")
        assert not export_work.finish(conn, "x.csv", (1, 0), 1, b"x", 1)
        assert not export_work.fail(conn, "Died.")
        # What it proves it held shows it nothing any more.
        assert conn.exec_driver_sql("select count(*) from leads").scalar_one() == 0
    assert b"half a file" not in content(owner, file_id)


def test_what_dies_three_times_has_failed_and_can_be_tried_again(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    file_id = asked(owner)
    for _ in range(3):
        taken()
        silent(database)
    assert work() == []
    row = book_files.one(owner, file_id)
    assert (row.state, row.said) == (FileState.FAILED, "It was begun three times and never finished.")
    book_files.again(owner, file_id)
    with pytest.raises(Conflict):
        book_files.again(owner, file_id)
    work()
    assert book_files.one(owner, file_id).state is FileState.READY


def test_what_cannot_be_made_says_why(
    owner: Person, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    finished(owner, [lead(number) for number in range(3)])
    with added_plugin(tmp_path_factory.mktemp("plugin"), "small_format", _SMALL_FORMAT):
        file_id = made(owner, "small")
    assert "Small holds at most 2 leads, these are 3." in book_files.one(owner, file_id).said
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    theirs = asked(member)
    change(
        database.superuser_url, f"update memberships set role = 'viewer' where user_id = '{member.id}'"
        f" and workspace_id = '{owner.workspace_id}'",
    )  # fmt: skip
    assert work() == []
    ((state, said),) = rows(
        database.superuser_url, f"select state, said from export_files where id = '{theirs}'"
    )
    assert (state, said) == ("failed", "You may not download leads of this workspace any more.")


def test_a_format_that_holds_all_leads_in_memory_makes_no_large_file(
    owner: Person, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with added_plugin(tmp_path_factory.mktemp("plugin"), "toy_format", TOY_FORMAT), pytest.raises(Invalid):
        asked(owner, "toy")


def test_files_go_with_whoever_is_erased_and_none_is_made_of_what_was_there_before(
    owner: Person, database: Database
) -> None:
    finished(owner, [lead(1, email="info@lantern.test"), lead(2)])
    made(owner)
    asked(owner)
    running = taken()
    counts = erasing.erase(owner, subject_of("info@lantern.test"))
    assert "2 files of leads that waited for their makers" in erasing.in_words(counts)
    with transaction(Role.WORKER, lease=running) as conn:
        assert not export_work.finish(conn, "x.csv", (2, 0), 1, b"x", 1)
    assert book_files.mine(owner) == ()
    assert rows(database.superuser_url, "select from export_parts") == []


def test_a_file_ends_in_time(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    file_id = made(owner)
    given = book_files.download(owner, file_id)
    change(database.superuser_url, "update export_files set ends_at = now() - interval '1 second'")
    # Also for who has begun to fetch it.
    assert b"".join(given.parts) == b""
    assert book_files.mine(owner) == ()
    waiting = asked(owner)
    change(
        database.superuser_url,
        f"update export_files set created_at = now() - interval '25 hours' where id = '{waiting}'",
    )
    with transaction(Role.SYSTEM) as conn:
        assert export_work.forget(conn) == 1
    assert [(row.state, row.said) for row in book_files.mine(owner)] == [
        (FileState.FAILED, "No worker took it up within a day.")
    ]


def test_a_page_learns_how_far_its_file_is_as_it_does_of_a_campaign(owner: Person) -> None:
    finished(owner, [lead(1)])
    file_id = asked(owner)
    shown = book_files.one(owner, file_id).mark
    assert watching.news(owner.proof, file_id, shown) is News.NONE
    assert watching.news(person("stranger").proof, file_id, shown) is not News.NONE
    work()
    assert watching.news(owner.proof, file_id, shown) is not News.NONE
