"""Accounts and sessions."""

from __future__ import annotations

import pytest

from services import identity
from services.errors import Conflict, Invalid, TooMany
from tests.support.people import PASSWORD, first_admin_key, person
from tests.support.servers import Database


def test_the_first_administrator_exists_once(database: Database) -> None:
    assert identity.needs_first_admin()
    key = first_admin_key()
    token = identity.create_first_admin("Admin@example.com", PASSWORD, key)
    first = identity.who_is(token)
    assert first is not None
    assert first.is_admin
    assert not identity.needs_first_admin()
    with pytest.raises(Conflict, match="Sign in instead"):
        identity.create_first_admin("other@example.com", PASSWORD, key)


def test_signing_in_works_in_any_letter_case_and_ends_by_signing_out(database: Database) -> None:
    made = person("sales")
    token = identity.sign_in("SALES@Example.com", PASSWORD, "192.0.2.1")
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
        identity.sign_in(email, password, "192.0.2.1")
    assert str(refused.value) == identity.WRONG


def test_the_sixth_failure_of_an_account_is_told_to_wait(database: Database) -> None:
    person("sales")
    for _ in range(identity.MAX_FAILURES_PER_EMAIL):
        with pytest.raises(Invalid, match="do not match"):
            identity.sign_in("sales@example.com", "wrong password", "192.0.2.1")
    with pytest.raises(TooMany, match="15 minutes"):
        identity.sign_in("sales@example.com", PASSWORD, "192.0.2.2")


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
        identity.create_user(email, password, is_admin=False)


def test_the_same_mailbox_in_other_letters_is_taken(database: Database) -> None:
    person("sales")
    with pytest.raises(Conflict, match="already has an account"):
        identity.create_user("SALES@example.com", PASSWORD, is_admin=False)
