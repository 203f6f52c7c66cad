"""Accounts and sessions."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from services import accounts, identity
from services.errors import Conflict, Invalid, TooMany
from services.identity import Visitor
from store import users
from store.database import Role, transaction
from tests.support.people import PASSWORD, first_admin_key, person, signed_in
from tests.support.servers import Database
from tests.support.servers import change as execute_change

HERE = Visitor(ip="192.0.2.1")


def test_the_first_administrator_exists_once(database: Database) -> None:
    assert identity.needs_first_admin()
    key = first_admin_key()
    token = accounts.create_first_admin("Admin@example.com", PASSWORD, key, HERE).token
    first = identity.who_is(token)
    assert first is not None
    assert first.is_admin
    assert not identity.needs_first_admin()
    with pytest.raises(Conflict, match="Sign in instead"):
        accounts.create_first_admin("other@example.com", PASSWORD, key, HERE)


def test_whoever_runs_sql_as_the_web_needs_the_key_of_the_first_administrator_as_well(
    database: Database,
) -> None:
    user = accounts.new_user("guess@example.com", PASSWORD, is_admin=True)
    for key in ("", "a guess"):
        with transaction(Role.WEB) as conn:
            assert not users.create_first(conn, user, key)
    assert identity.needs_first_admin()
    with transaction(Role.WEB) as conn:
        assert users.create_first(conn, user, first_admin_key())


def test_signing_in_works_in_any_letter_case_and_ends_by_signing_out(database: Database) -> None:
    made = person("sales")
    token = identity.sign_in("SALES@Example.com", PASSWORD, HERE).token
    assert identity.who_is(token) == made
    identity.sign_out(token)
    assert identity.who_is(token) is None


@pytest.mark.parametrize("token", [None, "", "made up", "x" * 100_000, "\x00", "\ud800"])
def test_a_token_nobody_has_is_nobody(database: Database, token: str | None) -> None:
    assert identity.who_is(token) is None


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@example.com", PASSWORD),
        ("sales@example.com", "a wrong password"),
        ("sales@example.com", ""),
        ("sales@example.com\x00", "x"),
        ("' or 1=1 --", PASSWORD),
        ("sales@example.com", "x" * 1_000_000),
    ],
)
def test_every_failure_has_the_same_words(database: Database, email: str, password: str) -> None:
    person("sales")
    with pytest.raises(Invalid) as refused:
        identity.sign_in(email, password, HERE)
    assert str(refused.value) == identity.WRONG


def guesses(visitor: Visitor, times: int, mailbox: str = "sales") -> None:
    for _ in range(times):
        with pytest.raises(Invalid, match="do not match"):
            identity.sign_in(f"{mailbox}@example.com", "wrong password", visitor)


def test_the_sixth_failure_from_one_address_is_told_to_wait_and_another_address_is_not(
    database: Database,
) -> None:
    person("sales")
    guesses(HERE, 5)
    with pytest.raises(TooMany, match="15 minutes"):
        identity.sign_in("sales@example.com", PASSWORD, HERE)
    assert identity.sign_in("sales@example.com", PASSWORD, Visitor(ip="192.0.2.2"))


def test_nobody_is_kept_out_of_a_browser_they_have_used_by_the_guesses_of_others(database: Database) -> None:
    person("sales")
    own = Visitor(ip=HERE.ip, device_token=identity.sign_in("sales@example.com", PASSWORD, HERE).device_token)
    for number in range(6):
        guesses(Visitor(ip=f"192.0.2.{10 + number}"), 5)
    for address in (HERE, Visitor(ip="192.0.2.99")):
        with pytest.raises(TooMany):
            identity.sign_in("sales@example.com", PASSWORD, address)
    assert identity.sign_in("sales@example.com", PASSWORD, own)
    guesses(own, 10)
    with pytest.raises(TooMany):
        identity.sign_in("sales@example.com", PASSWORD, own)


def test_somebody_unknown_is_throttled_as_somebody_known(database: Database) -> None:
    guesses(HERE, 5, "nobody")
    with pytest.raises(TooMany):
        identity.sign_in("nobody@example.com", PASSWORD, HERE)


def test_parallel_guesses_are_all_counted(database: Database) -> None:
    """Sixty at once: five are compared, whatever the order they come in."""
    person("sales")

    def guess(_number: int) -> type[Exception]:
        try:
            identity.sign_in("sales@example.com", "wrong password", HERE)
        except Exception as error:  # noqa: BLE001  the kind is what is looked at
            return type(error)
        raise AssertionError

    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(threads.map(guess, range(60)))
    assert outcomes == {Invalid: 5, TooMany: 55}


@pytest.mark.parametrize(
    "change",
    [
        "update sessions set last_used_at = now() - interval '73 hours'",
        "update sessions set expires_at = now()",
        "update sessions set passed_at = null",
        "update users set disabled_at = now()",
    ],
)
def test_a_session_ends_when_it_must(database: Database, change: str) -> None:
    person("sales")
    token = signed_in("sales")
    assert identity.who_is(token)
    execute_change(database.superuser_url, change)
    assert identity.who_is(token) is None


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("not an address", PASSWORD, "e-mail"),
        ("sales@example.com", "short", "at least 8"),
        ("sales@example.com", "x" * 200, "at most 128"),
        ("sales@example.com", "with a \x00 inside", "ordinary"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(
    database: Database, email: str, password: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        accounts.create_user(email, password, is_admin=False)


def test_the_same_mailbox_in_other_letters_is_taken(database: Database) -> None:
    person("sales")
    with pytest.raises(Conflict, match="already has an account"):
        accounts.create_user("SALES@example.com", PASSWORD, is_admin=False)
