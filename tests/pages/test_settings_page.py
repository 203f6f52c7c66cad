"""What a person may choose for themselves."""

from __future__ import annotations

import pytest

import settings
from jobs import notifications
from pipeline.output.ending_mail import MailWhen
from services import notifying
from services.identity import Person
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.mail_server import mail_server
from tests.support.servers import Database, change

PAGE, PROVIDERS = "pages/settings.py", "pages/admin_providers.py"


def test_when_mails_come_is_chosen_at_once_and_found_again(
    open_page: Open, token: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_HOST", "smtp.example.com")
    monkeypatch.setenv("MAIL_FROM", "mail@example.com")
    settings.get.cache_clear()
    app = open_page(PAGE, token)
    assert "no mail server" not in words(app)
    assert "Mails go to the address you sign in with." in words(app)
    assert app.radio(key="mail_when").value == MailWhen.ALL
    calm(app.radio(key="mail_when").set_value(MailWhen.PROBLEMS).run())
    assert notifying.wish(person) is MailWhen.PROBLEMS
    assert open_page(PAGE, token).radio(key="mail_when").value == MailWhen.PROBLEMS


def test_an_installation_without_a_mail_server_says_so(open_page: Open, token: str) -> None:
    assert "This installation has no mail server, so no mails are sent." in words(open_page(PAGE, token))


def test_administrators_see_how_sending_goes(
    open_page: Open, token: str, person: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "or SMTP_HOST and MAIL_FROM" in words(open_page(PROVIDERS, token))
    ended(person, [])
    with mail_server() as server:
        for name, value in server.settings().items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        assert "No mail was sent yet." in words(open_page(PROVIDERS, token))
        server.answers["MAIL"] = "550 not your domain"
        list(notifications.send_due())
        said = words(open_page(PROVIDERS, token))
        assert "The sender in MAIL_FROM was refused (550) · 1 mail waiting to be tried again" in said
        server.answers = {}
        change(database.superuser_url, "update outbox set due_at = now()")
        list(notifications.send_due())
    assert "Last mail just now" in words(open_page(PROVIDERS, token))
