"""Webhooks as an admin sets them up."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from services import webhooks
from services.identity import Person
from tests.pages.conftest import Open, calm, words

PAGE = "pages/webhooks.py"


def button(app: AppTest, label: str) -> Button:
    return next(each for each in app.button if each.label == label)


def test_a_webhook_is_added_tried_and_removed(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token)
    assert "No webhooks yet" in words(app)
    app.text_input(key="url_new").set_value("http://crm.example.com/in")
    calm(button(app, "Add webhook").click().run())
    assert "does not begin with https" in words(app)
    assert app.text_input(key="url_new").value == "http://crm.example.com/in"
    app.text_input(key="url_new").set_value("https://crm.example.com/in")
    calm(button(app, "Add webhook").click().run())
    app.text_input(key="url_new").set_value("https://crm.example.com/in")
    calm(button(app, "Add webhook").click().run())
    (secret,) = app.code
    assert secret.value.startswith("whsec_")
    assert "crm.example.com/in" in words(app)
    assert f"by {person.email}" in words(app)
    calm(button(app, "Send a test").click().run())
    assert "A test is on its way" in words(app)
    (row,) = webhooks.listing(person)
    (message,) = webhooks.deliveries(person, row.id)
    assert list(app.dataframe[0].value["Id"]) == [str(message.id)]
    calm(button(app, "Renew secret").click().run())
    assert app.code[0].value != secret.value
    calm(button(app, "Pause").click().run())
    assert "Paused" in words(app)
    calm(button(app, "Remove").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "No webhooks yet" in words(app)
    assert webhooks.listing(person) == ()
    assert not open_page(PAGE, token).code, "the secret is shown where it was made alone"


def test_a_member_is_told_who_may(open_page: Open, colleague: str) -> None:
    assert "Webhooks" in words(open_page(PAGE, colleague))
