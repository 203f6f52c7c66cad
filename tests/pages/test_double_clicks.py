"""A double click makes one of everything: a second click arrives before the browser shows what the first one did."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from services import api_keys, book, client_links, schedules, webhooks
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from tests.pages.conftest import Open, calm
from tests.support.campaigns import finished, lead
from ui import once


def test_a_wish_is_another_one_after_a_refusal_and_after_something_else() -> None:
    done: list[str] = []

    def noted(what: str) -> Callable[[], str]:
        def note() -> str:
            done.append(what)
            return what

        return note

    with pytest.raises(ZeroDivisionError):
        once.once("wish", lambda: 1 // 0)
    assert once.once("wish", noted("first")) == "first"
    assert once.once("wish", noted("second click")) == "first"
    assert once.once("another", noted("another")) == "another"
    assert once.once("wish", noted("again")) == "again"
    once.forget()
    assert once.once("wish", noted("after Undo")) == "after Undo"
    assert done == ["first", "another", "again", "after Undo"]


def test_a_second_click_waits_for_what_the_first_one_makes() -> None:
    begun, go_on = Event(), Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(60)
        return "made"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(once.once, "slow wish", slow)
        assert begun.wait(60)
        second = pool.submit(once.once, "slow wish", lambda: "made again")
        go_on.set()
        assert (first.result(60), second.result(60)) == ("made", "made")


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
        app.multiselect(key="events_new").set_value([webhooks.Event.CAMPAIGN_ENDED])
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
