"""The page of customer systems: connected by an admin, used from Leads, followed here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

import settings
from services import crm_work
from services.identity import Person
from tests.pages.conftest import Open, calm, words
from tests.support.campaigns import finished, lead
from tests.support.hubspot import TOKEN, Account, hubspot

PAGE = "pages/crm.py"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with hubspot() as running:
        monkeypatch.setenv("CRM_GATEWAY", running.url)
        settings.get.cache_clear()
        yield running
    settings.get.cache_clear()


def button(app: AppTest, label: str) -> Button:
    return next(each for each in app.button if each.label == label)


def test_companies_are_handed_over_from_leads(
    open_page: Open, token: str, person: Person, account: Account
) -> None:
    finished(person, [lead(n, domain=f"cafe{n}.test") for n in (1, 2)])
    app = open_page(PAGE, token)
    assert "Not connected" in words(app)
    app.text_input(key="crm_token_hubspot").set_value("short")
    calm(button(app, "Connect").click().run())
    assert "Paste the token as it was given" in words(app)
    app.text_input(key="crm_token_hubspot").set_value(TOKEN)
    calm(button(app, "Connect").click().run())
    assert "being checked" in words(app)
    list(crm_work.run_due())
    app = open_page(PAGE, token)
    assert "answered" in words(app)
    app.selectbox(key="crm_map_reach").set_value("state")
    calm(button(app, "Save").click().run())
    assert "Two columns go into state" in words(app)
    app.selectbox(key="crm_map_state").set_value("")
    calm(button(app, "Save").click().run())
    assert "Saved" in words(app)
    leads = open_page("pages/leads.py", token)
    calm(leads.button(key="book_hand_off").click().run())
    list(crm_work.run_due())
    app = open_page(PAGE, token)
    assert "2 companies: 2 to create" in words(app)
    assert set(app.dataframe[0].value["What"]) == {"Would be created"}
    assert account.companies == {}
    calm(button(app, "Push 2 companies").click().run())
    list(crm_work.run_due())
    app = open_page(PAGE, token)
    assert "2 created" in words(app)
    assert len(account.companies) == 2
    calm(button(app, "Disconnect").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "Not connected" in words(app)


def test_somebody_else_sees_nothing_of_it(open_page: Open, colleague: str) -> None:
    assert "Not connected" in words(open_page(PAGE, colleague))
