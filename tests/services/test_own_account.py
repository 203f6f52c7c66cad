"""What people change about their own account, and what a session alone does not change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import settings
from jobs import notifications
from services import identity, own_account
from services.errors import Conflict, Invalid, NotFound, TooMany
from services.identity import Person, Visitor
from services.own_account import LinkKind
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import Database, change, rows

NEW = "another long enough password"
HERE = Visitor(ip="192.0.2.1")


@pytest.fixture
def owner(database: Database) -> Person:
    person("owner")
    return who(signed_in("owner"))


@pytest.fixture
def server(owner: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        for name, value in {**running.settings(), "PUBLIC_URL": "https://leads.example.com"}.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        yield running


def who(token: str) -> Person:
    found = identity.who_is(token)
    assert found is not None
    return found


def notes(database: Database) -> list[str]:
    return [
        str(action) for (action,) in rows(database.superuser_url, "select action from audit_log order by id")
    ]


def mailed_keys(server: MailServer) -> list[str]:
    """What the links of the mails that were sent hold."""
    assert {line for line in notifications.send_due()} <= {"a link: sent."}
    found = []
    for mail in server.mails:
        text = mail.get_body(("plain",))
        assert text is not None
        found.append(text.get_content().partition("key=")[2].split()[0])
    return found


def test_another_password_ends_all_other_sessions(owner: Person, database: Database) -> None:
    other = signed_in("owner")
    assert own_account.change_password(owner, PASSWORD, NEW) == 2, "the command's session and the other one"
    assert identity.who_is(other) is None
    with pytest.raises(Invalid, match="do not match"):
        identity.sign_in(owner.email, PASSWORD, HERE)
    assert identity.sign_in(owner.email, NEW, HERE)
    assert own_account.sessions(owner)[0].is_this
    assert "password_changed" in notes(database)


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("", NEW, "current"), ("not the password", NEW, "current"), (PASSWORD, "short", "password")],
)
def test_a_password_that_cannot_be_changed_is_told_at_its_field(
    owner: Person, current: str, new: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        own_account.change_password(owner, current, new)
    assert list(refused.value.fields) == [field]
    assert identity.sign_in(owner.email, PASSWORD, HERE)


def test_whoever_holds_a_session_cannot_guess_the_password(owner: Person, database: Database) -> None:
    for _ in range(5):
        with pytest.raises(Invalid):
            own_account.change_password(owner, "a wrong guess", NEW)
    for _ in range(2):
        with pytest.raises(TooMany):
            own_account.change_password(owner, PASSWORD, NEW)
    with pytest.raises(TooMany):
        own_account.change_email(owner, PASSWORD, "new@example.com")
    assert notes(database).count("password_refused") == 5


def test_a_command_or_a_key_changes_no_account(owner: Person) -> None:
    command = identity.named(owner.email)
    assert own_account.sessions(command) == ()
    with pytest.raises(Conflict, match="in a browser"):
        own_account.change_password(command, PASSWORD, NEW)


def test_sessions_are_those_of_their_person_alone(owner: Person) -> None:
    person("stranger")
    stranger = who(signed_in("stranger"))
    with pytest.raises(NotFound):
        own_account.end_session(stranger, own_account.sessions(owner)[0].id)
    token = identity.sign_in(owner.email, PASSWORD, replace(HERE, device="A browser")).token
    found = own_account.sessions(owner)
    assert [each.is_this for each in found] == [True, False, False]
    (theirs,) = (each for each in found if each.device == "A browser")
    assert theirs.ip == HERE.ip
    own_account.end_session(owner, theirs.id)
    assert identity.who_is(token) is None
    with pytest.raises(NotFound):
        own_account.end_session(owner, theirs.id)
    signed_in("owner")
    assert own_account.end_other_sessions(owner) == 2
    assert [each.is_this for each in own_account.sessions(owner)] == [True]
    assert identity.who_is(signed_in("stranger"))


def test_without_a_mail_server_another_address_counts_at_once(owner: Person, database: Database) -> None:
    person("taken")
    with pytest.raises(Invalid, match="cannot be used here"):
        own_account.change_email(owner, PASSWORD, "Taken@example.com")
    with pytest.raises(Invalid, match="not your current password"):
        own_account.change_email(owner, "a wrong guess", "new@example.com")
    assert own_account.change_email(owner, PASSWORD, "new@example.com").counts_now
    assert who(identity.sign_in("new@example.com", PASSWORD, HERE).token).id == owner.id
    assert rows(
        database.superuser_url, "select email_unproved from users where email = 'new@example.com'"
    ) == [(True,)]


def test_with_a_mail_server_the_link_sent_there_is_what_counts(
    owner: Person, server: MailServer, database: Database
) -> None:
    change_to = own_account.change_email(owner, PASSWORD, "new@example.com")
    assert not change_to.counts_now
    assert rows(
        database.superuser_url, "select count(*) from account_links where key_hash::text like '%new%'"
    ) == [(0,)]
    (key,) = mailed_keys(server)
    assert server.mails[0]["To"] == "new@example.com"
    with pytest.raises(NotFound):
        own_account.seen_link(key, LinkKind.RESET)
    assert identity.sign_in("owner@example.com", PASSWORD, HERE)
    assert own_account.confirm_email(key) == "new@example.com"
    with pytest.raises(NotFound):
        own_account.confirm_email(key)
    assert who(identity.sign_in("new@example.com", PASSWORD, HERE).token).id == owner.id


def test_an_address_in_use_is_answered_as_any_other_and_written_to_by_nobody(
    owner: Person, server: MailServer
) -> None:
    person("taken")
    assert not own_account.change_email(owner, PASSWORD, "taken@example.com").counts_now
    assert mailed_keys(server) == []


@pytest.mark.parametrize(
    "before",
    [
        "update account_links set expires_at = now()",
        "update users set disabled_at = now()",
        "insert into users (id, email) values (gen_random_uuid(), 'New@example.com')",
    ],
)
def test_a_link_that_came_too_late_changes_nothing(
    owner: Person, server: MailServer, database: Database, before: str
) -> None:
    own_account.change_email(owner, PASSWORD, "new@example.com")
    (key,) = mailed_keys(server)
    change(database.superuser_url, before)
    with pytest.raises(NotFound):
        own_account.confirm_email(key)


def test_only_the_last_link_that_was_asked_for_counts(owner: Person, server: MailServer) -> None:
    own_account.change_email(owner, PASSWORD, "first@example.com")
    (first,) = mailed_keys(server)
    own_account.change_email(owner, PASSWORD, "second@example.com")
    with pytest.raises(NotFound):
        own_account.confirm_email(first)
    assert own_account.confirm_email(mailed_keys(server)[1]) == "second@example.com"


def test_a_mail_server_that_is_away_is_tried_again(
    owner: Person, server: MailServer, database: Database
) -> None:
    own_account.change_email(owner, PASSWORD, "new@example.com")
    server.answers["MAIL"] = "451 later"
    assert [line for line in notifications.send_due()] == [
        "a link: The sender in MAIL_FROM was refused (451)."
    ]
    assert not notifications.are_due()
    server.answers = {}
    change(database.superuser_url, "update account_links set due_at = now()")
    assert notifications.are_due()
    assert own_account.confirm_email(mailed_keys(server)[0]) == "new@example.com"
