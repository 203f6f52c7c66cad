"""The page of accounts, and the page of who did what."""

from __future__ import annotations

import pytest

from services import identity
from services.errors import Invalid
from services.identity import Person, Visitor
from tests.pages.conftest import PASSWORD, Open, calm, words

USERS, AUDIT = "pages/admin_users.py", "pages/admin_audit.py"


@pytest.mark.parametrize("page", [USERS, AUDIT])
def test_others_are_told_calmly(open_page: Open, colleague: str, page: str) -> None:
    app = open_page(page, colleague)
    assert "This page is for administrators." in words(app)
    assert not app.button
    assert not app.text_input


def test_an_administrator_creates_disables_and_deletes(open_page: Open, token: str, colleague: str) -> None:
    other = identity.who_is(colleague)
    assert other is not None
    app = open_page(USERS, token)
    app.text_input(key="account_email").set_value("new@example.com")
    app.text_input(key="account_password").set_value("short")
    calm(app.button(key="account_create").click().run())
    assert "Choose a password of at least 8 characters." in words(app)
    app.text_input(key="account_email").set_value("new@example.com")
    app.text_input(key="account_password").set_value(PASSWORD)
    calm(app.button(key="account_create").click().run())
    assert "new@example.com has an account now." in words(app)
    assert identity.sign_in("new@example.com", PASSWORD, Visitor())
    calm(app.button(key=f"reset-{other.id}").click().run())
    assert "With this link colleague@example.com chooses a new password." in words(app)
    assert "/new-password?key=" in app.code[0].value
    calm(app.button(key=f"disable-{other.id}").click().run())
    assert "will be signed out everywhere" in words(app)
    calm(app.button(key="question_yes").click().run())
    assert "colleague@example.com cannot sign in any more." in words(app)
    assert identity.who_is(colleague) is None
    calm(app.button(key=f"enable-{other.id}").click().run())
    assert "colleague@example.com can sign in again." in words(app)
    calm(app.button(key=f"delete-{other.id}").click().run())
    calm(app.selectbox(key="heir").set_value("new@example.com").run())
    calm(app.button(key="account_delete_yes").click().run())
    assert "The account of colleague@example.com is deleted." in words(app)
    with pytest.raises(Invalid):
        identity.sign_in("colleague@example.com", PASSWORD, Visitor())


def test_the_last_administrator_stays_one(open_page: Open, token: str, person: Person) -> None:
    app = open_page(USERS, token)
    assert f"delete-{person.id}" not in [button.key for button in app.button]
    calm(app.button(key=f"admin-{person.id}").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "This is the last administrator." in words(app)


def test_acts_are_shown_newest_first_and_narrowed(open_page: Open, token: str, colleague: str) -> None:
    app = open_page(AUDIT, token)
    (table,) = app.dataframe
    assert list(table.value["Action"])[:2] == ["Signed in", "Account created"]
    assert next(iter(table.value["Who"])) == "colleague@example.com"
    assert "Times in UTC." in words(app)
    assert "As CSV" in words(app)
    app.text_input(key="who").set_value("boss@")
    calm(app.selectbox(key="action").set_value("Signed in").run())
    assert set(app.dataframe[0].value["Who"]) == {"boss@example.com"}
    assert set(app.dataframe[0].value["Action"]) == {"Signed in"}
    calm(app.text_input(key="who").set_value("nobody at all").run())
    assert "Nothing was noted" in words(app)
