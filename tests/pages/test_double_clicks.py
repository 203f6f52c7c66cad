"""A double click makes one of everything: a second click arrives before the browser shows what the first one did."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from services import api_keys, book, client_links, schedules, webhooks
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.webhooks import Event
from tests.pages.conftest import Open, calm
from tests.support.campaigns import finished, lead
from ui import once


@pytest.fixture(autouse=True)
def slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a run takes here, the second click comes in time."""
    monkeypatch.setattr(once, "MOMENT_S", 600)


def test_what_is_refused_or_asked_for_later_is_done() -> None:
    done: list[int] = []
    refused = pytest.raises(ValueError, match="refused")

    def fail() -> None:
        raise ValueError("refused")

    with refused:
        once.once("wish", fail)
    assert once.once("wish", lambda: done.append(1))
    assert not once.once("wish", lambda: done.append(2))
    assert once.once("another wish", lambda: done.append(3))
    assert once.once("wish", lambda: done.append(4))
    once.forget()
    assert once.once("wish", lambda: done.append(5))
    assert done == [1, 3, 4, 5]


def test_a_key_is_made_once_and_shown(open_page: Open, token: str, person: Person) -> None:
    app = open_page("pages/api_keys.py", token)
    for _ in range(2):
        app.text_input(key="key_name").set_value("Nightly import")
        calm(button(app, "Create key").click().run())
    assert len(api_keys.listing(person)) == 1
    assert app.code[0].value.startswith("ppk_")


def test_a_webhook_is_added_once(open_page: Open, token: str, person: Person) -> None:
    app = open_page("pages/webhooks.py", token)
    for _ in range(2):
        app.text_input(key="url_new").set_value("https://hooks.example.com/x")
        app.multiselect(key="events_new").set_value([Event.CAMPAIGN_ENDED])
        calm(button(app, "Add webhook").click().run())
    assert len(webhooks.listing(person)) == 1


def test_a_link_for_a_client_is_made_once(open_page: Open, token: str, person: Person) -> None:
    finished(person, [lead(1)])
    app = open_page("pages/leads.py", token)
    for _ in range(2):
        app.text_input(key="client_link_name").set_value("A client")
        calm(button(app, "Make the link").click().run())
    (made,) = client_links.listing(person)
    assert app.code[0].value == client_links.address(made.id)


def test_a_note_is_written_once(open_page: Open, token: str, person: Person) -> None:
    finished(person, [lead(1)])
    company = book.companies(person, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows[0].company_id
    app = open_page("pages/leads.py", token, company=company.hex)
    for _ in range(2):
        app.text_area(key=f"work_note_{company.hex}").set_value("They call back")
        calm(app.button(key="note_add").click().run())
    assert [each.kind for each in book.company(person, company).activities] == ["note"]


def test_a_campaign_repeats_once(open_page: Open, token: str, person: Person) -> None:
    campaign_id = finished(person, [lead(1)])
    app = open_page("pages/schedules.py", token, campaign=str(campaign_id))
    calm(app.button(key="schedule_add").click().run())
    app.query_params["campaign"] = str(campaign_id)
    calm(app.run())
    calm(app.button(key="schedule_add").click().run())
    assert len(schedules.listing(person)) == 1


def button(app: AppTest, label: str) -> Button:
    return next(each for each in app.button if each.label == label)
