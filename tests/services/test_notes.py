"""Notes of a team: changed and deleted by who wrote them, and telling whom they mention, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from email.message import EmailMessage
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

import settings
from jobs import notifications
from pipeline.output.ending_mail import MailWhen
from pipeline.suppression import subject_of
from services import book, erasing, mentions, notes, notifying, subject_reports, teams
from services.book import Activity
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store.database import Role, transaction
from store.mentions import claim_mail
from tests.support.campaigns import finished, lead
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    found = person("owner")
    notifying.choose(found, MailWhen.NEVER)
    finished(found, [lead(1, phone="+358401234567", email="info@cafe.test"), lead(2)])
    return found


@pytest.fixture
def anna(owner: Person, database: Database) -> Person:
    return joins(database, person("anna"), owner, MemberRole.MEMBER)


@pytest.fixture
def server(owner: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        for name, value in {**running.settings(), "PUBLIC_URL": "https://prospectpro.example.com/"}.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        yield running


def companies(who: Person) -> list[UUID]:
    found = book.companies(who, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows
    return [row.company_id for row in found]


def newest(who: Person, company: UUID) -> Activity:
    return book.company(who, company).activities[0]


def text(who: Person, company: UUID) -> str:
    return str(newest(who, company).detail["text"])


def mails_sent(database: Database) -> list[str]:
    """Have all mails about mentions fall due, and send them."""
    change(database.superuser_url, "update mentions set mail_due_at = now() where mail_due_at is not null")
    return [said for said in notifications.send_due() if said.startswith("Mentions")]


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_who_is_mentioned_is_told_until_they_look(owner: Person, anna: Person) -> None:
    first, second = companies(owner)
    notes.write(owner, first, "Ask @Anna@example.com, and owner@example.com.\nNot @anna@example.company.")
    notes.write(owner, second, "No reply yet", [anna.id])
    assert text(anna, first) == "Ask @anna@example.com, and owner@example.com.\nNot @anna@example.company."
    assert text(anna, second) == "@anna@example.com No reply yet"
    found = mentions.unread(anna)
    assert [(each.company, each.author) for each in found.newest] == [
        ("Cafe 002", "owner@example.com"),
        ("Cafe 001", "owner@example.com"),
    ]
    assert found.number == 2
    assert mentions.unread(owner).number == 0
    assert book.company(anna, first).is_mentioned
    assert not book.company(owner, first).is_mentioned
    mentions.mark_read(anna, first)
    assert [each.company for each in mentions.unread(anna).newest] == ["Cafe 002"]
    mentions.mark_all_read(anna)
    assert mentions.unread(anna).newest == ()


def test_only_its_author_changes_a_note_and_it_shows(owner: Person, anna: Person) -> None:
    company, _ = companies(owner)
    notes.write(anna, company, "Call @owner@example.com on Monday")
    note = newest(owner, company)
    before = str(note.detail["text"])
    with pytest.raises(NotFound):
        notes.edit(owner, company, note.id, before, "Mine now")
    with pytest.raises(NotFound):
        notes.delete(owner, company, note.id)
    notes.edit(anna, company, note.id, before, "Call on Tuesday")
    with pytest.raises(Conflict, match="changed in another window"):
        notes.edit(anna, company, note.id, before, "Call on Friday")
    with pytest.raises(Invalid):
        notes.edit(anna, company, note.id, "Call on Tuesday", "  ")
    assert (text(owner, company), newest(owner, company).edited_at is None) == ("Call on Tuesday", False)
    # The mention went with the words.
    assert mentions.unread(owner).number == 0
    notes.delete(anna, company, note.id)
    gone = newest(owner, company)
    assert (gone.is_deleted, gone.detail, gone.user) == (True, {"text": ""}, anna.email)
    with pytest.raises(NotFound):
        notes.delete(anna, company, note.id)
    with pytest.raises(NotFound):
        notes.edit(anna, company, note.id, "", "Back")


def test_nobody_outside_is_named_and_nobody_writes_for_another(owner: Person, anna: Person) -> None:
    company, _ = companies(owner)
    stranger = person("stranger")
    with pytest.raises(Invalid, match="not in the workspace any more"):
        notes.write(owner, company, "Look", [stranger.id])
    notes.write(owner, company, "Ask @stranger@example.com")
    notes.write(owner, company, f"Ask @{{{stranger.id}}}")
    assert text(owner, company) == "Ask @former member"
    note = newest(owner, company).id
    add = (
        "insert into mentions (workspace_id, activity_id, user_id, author_id)"
        " values (:workspace, :note, :user, :author)"
    )
    for who, told, author in ((owner, stranger, owner), (anna, owner, anna), (anna, anna, owner)):
        with pytest.raises(DBAPIError), transaction(Role.WEB, proof=who.proof) as conn:
            conn.execute(
                sa.text(add),
                {"workspace": owner.workspace_id, "note": note, "user": told.id, "author": author.id},
            )
    for statement in (
        'update activities set detail = \'{"text": "forged"}\'',
        "update activities set deleted_at = now()",
        "update mentions set read_at = now()",
        "delete from mentions",
    ):
        with transaction(Role.WEB, proof=anna.proof) as conn:
            assert conn.execute(sa.text(statement)).rowcount == 0


def test_a_viewer_reads_and_is_told_and_writes_nothing(owner: Person, database: Database) -> None:
    company, _ = companies(owner)
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    notes.write(owner, company, "For you", [viewer.id])
    assert mentions.unread(viewer).number == 1
    with pytest.raises(NotAllowed):
        notes.write(viewer, company, "Thanks")


def test_one_mail_says_who_and_where_and_nothing_of_the_lead(
    owner: Person, anna: Person, server: MailServer, database: Database
) -> None:
    first, second = companies(owner)
    notes.write(owner, first, "Their number is +358401234567", [anna.id])
    notes.write(owner, second, "And this one, secretly", [anna.id])
    assert [said for said in notifications.send_due() if said.startswith("Mentions")] == []
    assert len(mails_sent(database)) == 1
    assert mails_sent(database) == []
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == (
        anna.email,
        "owner@example.com mentioned you in owner@example.com",
    )
    said = words_of(mail)
    assert "owner@example.com about Cafe 001" in said
    assert f"https://prospectpro.example.com/leads?company={second.hex}" in said
    assert not [secret for secret in ("secretly", "35840", "info@") if secret in mail.as_string()]


def test_no_mail_for_who_read_it_wants_none_or_left(
    owner: Person, anna: Person, server: MailServer, database: Database
) -> None:
    company, _ = companies(owner)
    spared: tuple[Callable[[], object], ...] = (
        lambda: mentions.mark_all_read(anna),
        lambda: notifying.choose_mentions(anna, False),
        lambda: notes.delete(owner, company, newest(owner, company).id),
        lambda: change(
            database.superuser_url, f"update users set disabled_at = now() where id = '{anna.id}'"
        ),
        lambda: teams.remove(owner, anna.id),
    )
    for spare in spared:
        notifying.choose_mentions(anna, True)
        change(database.superuser_url, "update users set disabled_at = null")
        notes.write(owner, company, "Ask @anna@example.com")
        spare()
        assert mails_sent(database) == []
    assert server.mails == []
    assert text(owner, company) == "Ask @former member"
    assert rows(database.superuser_url, "select count(*) from mentions") == [(0,)]


def test_two_processes_never_share_out_what_one_mail_says(
    owner: Person, anna: Person, database: Database
) -> None:
    for company in companies(owner):
        notes.write(owner, company, "Look", [anna.id])
    change(database.superuser_url, "update mentions set mail_due_at = now()")
    with transaction(Role.SYSTEM) as one:
        mail = claim_mail(one, 120)
        assert mail is not None
        assert [said["company"] for said in mail.named_by] == ["Cafe 001", "Cafe 002"]
        with transaction(Role.SYSTEM) as other:
            assert claim_mail(other, 120) is None
    with transaction(Role.SYSTEM) as other:
        assert claim_mail(other, 120) is None


def test_a_mail_that_fails_comes_again_with_the_same_notes(
    owner: Person, anna: Person, server: MailServer, database: Database
) -> None:
    first, second = companies(owner)
    server.answers["RCPT"] = "451 Later"
    notes.write(owner, first, "One", [anna.id])
    mails_sent(database)
    notes.write(owner, second, "Two", [anna.id])
    del server.answers["RCPT"]
    assert len(mails_sent(database)) == 2
    assert len({str(mail["Message-ID"]) for mail in server.mails}) == 2
    assert sorted("Cafe 002" in words_of(mail) for mail in server.mails) == [False, True]


def test_what_somebody_wrote_stays_when_they_leave(owner: Person, anna: Person) -> None:
    company, _ = companies(owner)
    notes.write(anna, company, "I was here")
    teams.leave(anna)
    assert (text(owner, company), newest(owner, company).user) == ("I was here", None)


def test_notes_about_who_is_erased_go_with_whom_they_mention(
    owner: Person, anna: Person, database: Database
) -> None:
    company, _ = companies(owner)
    notes.write(owner, company, "Ask @anna@example.com about info@cafe.test")
    subject = subject_of("info@cafe.test")
    assert "Ask @anna@example.com about" in str(subject_reports.report(owner, subject).told)
    erasing.erase(owner, subject)
    assert mentions.unread(anna).number == 0
    assert rows(database.superuser_url, "select count(*) from mentions") == [(0,)]
