"""A forgotten password: links that are used once and tell strangers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import settings
from jobs import notifications
from services import accounts, identity, own_account, passwords, resets
from services.errors import Conflict, Invalid, NotFound, TooMany
from services.identity import Person, Visitor
from services.own_account import LinkKind
from store import account_links
from store import resets as stored_resets
from store.database import Role, transaction
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import Database, change, rows
from tests.support.terminal import manage

NEW = "another long enough password"
HERE = Visitor(ip="192.0.2.1")


@pytest.fixture
def owner(database: Database) -> Person:
    return person("owner")


@pytest.fixture
def server(owner: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        for name, value in {**running.settings(), "PUBLIC_URL": "https://leads.example.com"}.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        yield running


def mailed(server: MailServer) -> list[str]:
    """What the links of the mails hold that are sent now."""
    assert set(notifications.send_due()) <= {"a link: sent."}
    texts = [mail.get_body(("plain",)) for mail in server.mails]
    server.mails.clear()
    return [key_in(text.get_content()) for text in texts if text]


def key_in(text: str) -> str:
    return text.partition("https://leads.example.com/new-password?key=")[2].split()[0]


def test_a_link_by_mail_changes_the_password_once_and_ends_all_sessions(
    owner: Person, server: MailServer, database: Database
) -> None:
    session = signed_in("owner")
    for _ in range(2):
        resets.ask("OWNER@example.com", HERE)
    first, second = mailed(server)
    with pytest.raises(Invalid, match="at least 8"):
        resets.choose_password(first, "short")
    with pytest.raises(Invalid, match="your e-mail address"):
        resets.choose_password(first, "owner@example.com1")
    assert resets.choose_password(first, NEW) == owner.email
    assert identity.who_is(session) is None
    assert identity.sign_in(owner.email, NEW, HERE)
    for spent in (first, second, "made up"):
        with pytest.raises(NotFound):
            resets.choose_password(spent, "yet another long password")
    noted = rows(
        database.superuser_url, "select action from audit_log where action like '%reset%' order by id"
    )
    assert noted == [("reset_asked",), ("reset_asked",), ("password_reset",)]


def test_strangers_learn_nothing_and_are_throttled(owner: Person, server: MailServer) -> None:
    for email in ("nobody@example.com", "owner@example.com"):
        for _ in range(3):
            resets.ask(email, HERE)
        with pytest.raises(TooMany):
            resets.ask(email, Visitor(ip="192.0.2.2"))
    assert len(mailed(server)) == 3
    for number in range(14):
        resets.ask(f"nobody{number}@example.com", HERE)
    with pytest.raises(TooMany):
        resets.ask("somebody-else@example.com", HERE)


def test_without_a_mail_server_nothing_is_promised(owner: Person) -> None:
    with pytest.raises(Conflict, match="reset-link"):
        resets.ask(owner.email, HERE)


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update account_links set expires_at = now()",
        "update users set disabled_at = now()",
        "update account_links set kind = 'email', new_email = 'new@example.com'",
    ],
)
def test_a_link_that_came_too_late_changes_nothing(
    owner: Person, server: MailServer, database: Database, meanwhile: str
) -> None:
    resets.ask(owner.email, HERE)
    (key,) = mailed(server)
    change(database.superuser_url, meanwhile)
    with pytest.raises(NotFound):
        resets.choose_password(key, NEW)


def test_changing_the_password_inside_spends_the_links(owner: Person, server: MailServer) -> None:
    inside = identity.who_is(signed_in("owner"))
    assert inside is not None
    resets.ask(owner.email, HERE)
    (key,) = mailed(server)
    own_account.change_password(inside, PASSWORD, NEW)
    with pytest.raises(NotFound):
        own_account.seen_link(key, LinkKind.RESET)


def test_an_administrator_makes_a_link_and_it_is_noted(owner: Person, database: Database) -> None:
    boss = person("boss", is_admin=True)
    link = accounts.reset_link(boss, owner.id)
    assert link.startswith("http://localhost:8501/new-password?key=")
    assert resets.choose_password(link.partition("key=")[2], NEW) == owner.email
    assert identity.sign_in(owner.email, NEW, HERE)
    noted = rows(
        database.superuser_url, "select actor_id, target_id from audit_log where action = 'reset_link_made'"
    )
    assert [(str(actor), str(target)) for actor, target in noted] == [(str(boss.id), str(owner.id))]


def test_the_database_lets_a_pretender_make_none(owner: Person) -> None:
    with pytest.raises(Exception, match="only an administrator"):
        accounts.reset_link(replace(owner, is_admin=True), owner.id)


def test_a_lost_second_factor_goes_with_a_link_of_the_command(owner: Person, database: Database) -> None:
    change(database.superuser_url, "insert into second_factors select id, 'sealed', 0 from users")
    for options, is_half in (([], True), (["--without-second-factor"], False)):
        done = manage("reset-link", "Owner@example.com", *options)
        assert resets.choose_password(done.stdout.partition("key=")[2].strip(), NEW) == owner.email
        assert identity.sign_in(owner.email, NEW, HERE).is_half == is_half
    unknown = manage("reset-link", "nobody@example.com")
    assert unknown.returncode == 1
    assert "Nobody has an account" in unknown.stderr


def test_the_database_itself_takes_a_link_once(owner: Person) -> None:
    key = accounts.reset_link_by_command(owner.email).partition("key=")[2]
    with transaction(Role.WEB) as conn:
        tries = [
            stored_resets.use(conn, account_links.hash_of(key), passwords.hash_new(NEW)) for _ in range(2)
        ]
    assert tries == [True, False]
