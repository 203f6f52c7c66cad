"""The page that brings up one company after the other to call."""

from __future__ import annotations

from datetime import date

from streamlit.testing.v1 import AppTest

from services import book, identity
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store import users
from store.database import Role, transaction
from tests.pages.conftest import Open, calm, words
from tests.support.campaigns import finished, lead
from tests.support.people import joins
from tests.support.servers import Database

PAGE = "pages/call_list.py"


def stocked(person: Person) -> None:
    finished(
        person,
        [lead(number, phone=f"+3584012345{number:02}", confidence=90 - number) for number in (1, 2, 3)],
    )


def statuses(person: Person) -> list[str]:
    rows = book.companies(person, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows
    return [row.status.value for row in rows]


def press(app: AppTest, what: str) -> None:
    """Press a button of the company that is shown."""
    (button,) = (each for each in app.button if (each.key or "").startswith(f"call_{what}_"))
    calm(button.click().run())


def test_an_empty_book_says_where_leads_come_from(open_page: Open, token: str) -> None:
    assert "Nobody to call yet" in words(open_page(PAGE, token))


def test_the_next_company_comes_by_itself_and_an_outcome_is_taken_back(
    open_page: Open, token: str, person: Person
) -> None:
    stocked(person)
    app = open_page(PAGE, token, sort="Name")
    assert [header.value for header in app.header if "Cafe" in header.value] == ["Cafe 001", "Cafe 001"]
    link = app.get("link_button")[0].proto
    assert (link.label.replace("\\", ""), link.url) == ("Call +358401234501", "tel:+358401234501")
    app.text_area(key="call_note").set_value("Nice people")
    press(app, "not_interested")
    assert "Not interested: kept. Here is the next one." in words(app)
    assert app.header[0].value == "Cafe 002"
    assert app.text_area(key="call_note").value == ""
    assert statuses(person) == ["lost", "new", "new"]
    calm(app.button(key="call_take_back").click().run())
    assert app.header[0].value == "Cafe 001"
    assert statuses(person) == ["new", "new", "new"]
    for name in ("Cafe 002", "Cafe 003"):
        press(app, "skip")
        assert app.header[0].value == name
    press(app, "skip")
    assert "Nobody left to call" in words(app)
    calm(app.button(key="call_again").click().run())
    assert app.header[0].value == "Cafe 001"


def test_the_filters_of_leads_come_along(open_page: Open, token: str, person: Person) -> None:
    stocked(person)
    assert open_page(PAGE, token, q="003").header[0].value == "Cafe 003"
    app = open_page("pages/leads.py", token, q="003")
    assert "call_these" in [button.key for button in app.button]


def test_a_viewer_is_told_who_may_call(
    open_page: Open, person: Person, colleague: str, database: Database
) -> None:
    stocked(person)
    other = identity.who_is(colleague)
    assert other is not None
    joins(database, other, person, MemberRole.VIEWER)
    with transaction(Role.WEB, proof=other.proof) as conn:
        users.switch_workspace(conn, person.workspace_id)
    app = open_page(PAGE, colleague)
    assert not [button for button in app.button if (button.key or "").startswith("call_")]
    app = open_page("pages/leads.py", colleague)
    assert "call_these" not in [button.key for button in app.button]
