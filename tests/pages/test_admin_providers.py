"""Keys and the mail server on the page Providers: typed there, never shown, and told truly."""

from __future__ import annotations

import pytest

import settings
from services.identity import Person
from store import in_force, provider_credit
from store.database import Role, transaction
from tests.pages.conftest import Open, calm, words
from tests.support.servers import Database, change

PAGE, KEY = "pages/admin_providers.py", "canary-key-of-the-page"


def test_a_key_is_set_told_of_and_removed_after_a_question(
    open_page: Open, token: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(PAGE, token)
    calm(app.button(key="FormSubmitter:key-hunter-Save the key").click().run())
    assert "This is needed." in words(app)
    app.text_input(key="key-HUNTER_IO_API_KEY").set_value(KEY)
    calm(app.button(key="FormSubmitter:key-hunter-Save the key").click().run())
    said = words(app)
    assert "The key of Hunter is set." in said
    assert "by boss@example.com; it is in force." in said
    assert in_force.provider_values()["HUNTER_IO_API_KEY"] == KEY
    assert "What credit is left is not known yet" in said
    assert KEY not in said
    assert app.session_state["key-HUNTER_IO_API_KEY"] == ""
    change(database.superuser_url, "update installation_secrets set fingerprint = 'of another secret'")
    with transaction(Role.SYSTEM) as conn:
        provider_credit.note(conn, "hunter", 500, 2000)
    in_force.forget()
    monkeypatch.setenv("HUNTER_IO_API_KEY", "the one of the settings")
    settings.get.cache_clear()
    app = open_page(PAGE, token)
    assert "500 credits left, 25% of 2,000 · asked just now" in words(app)
    assert (
        "cannot be read, because APP_SECRET changed since; HUNTER_IO_API_KEY of the settings is in force."
        in words(app)
    )
    calm(app.button(key="remove-key-hunter").click().run())
    assert "is forgotten, and the one of the settings is in force again" in words(app)
    calm(app.button(key="question_yes").click().run())
    assert "The key of Hunter is removed." in words(app)


def test_the_mail_server_is_set_and_its_password_not_shown(
    open_page: Open, token: str, person: Person
) -> None:
    app = open_page(PAGE, token)
    typed = {"smtp_host": "smtp.example.com", "smtp_user": "us", "smtp_password": KEY, "mail_from": "us"}
    for name, value in typed.items():
        app.text_input(key=f"mail-{name}").set_value(value)
    calm(app.button(key="FormSubmitter:mail-server-form-Save the mail server").click().run())
    assert "Name the sender" in words(app)
    # Nothing but the password has to be typed again.
    app.text_input(key="mail-mail_from").set_value("us@example.com")
    app.text_input(key="mail-smtp_password").set_value(KEY)
    calm(app.button(key="FormSubmitter:mail-server-form-Save the mail server").click().run())
    said = words(app)
    assert "smtp.example.com:587, as us@example.com; it is in force." in said
    assert KEY not in said
    assert in_force.mail().smtp_password.get_secret_value() == KEY


def test_a_provider_is_stopped_and_asked_again_after_a_question(
    open_page: Open, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUNTER_IO_API_KEY", KEY)
    settings.get.cache_clear()
    app = open_page(PAGE, token)
    calm(app.button(key="stop-hunter").click().run())
    assert "Within a second no campaign asks Hunter any more" in words(app)
    calm(app.button(key="question_yes").click().run())
    said = words(app)
    assert "Hunter is stopped." in said
    assert "Stopped: no campaign asks it. Wanted by boss@example.com · just now" in said
    calm(app.button(key="again-hunter").click().run())
    calm(app.button(key="question_yes").click().run())
    said = words(app)
    assert "Hunter is asked again." in said
    assert "Tried again, as wanted by boss@example.com · just now" in said
