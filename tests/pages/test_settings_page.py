"""What a person may choose for themselves."""

from __future__ import annotations

import pytest

import settings
from pipeline.ending_mail import MailWhen
from services import notifying
from services.identity import Person
from tests.pages.conftest import Open, calm, words

PAGE = "pages/settings.py"


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
