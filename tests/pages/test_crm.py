"""The page of customer systems: connected by an admin, used from Leads, followed here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

import settings
from services import crm, crm_runs, crm_work, identity
from services.identity import Person
from services.roles import MemberRole
from store import users
from store.database import Role, transaction
from tests.pages.conftest import Open, calm, words
from tests.support.campaigns import finished, lead
from tests.support.crm_accounts import Account, running
from tests.support.hubspot import HubSpot
from tests.support.people import joins
from tests.support.pipedrive import Pipedrive
from tests.support.servers import Database

PAGE = "pages/crm.py"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with at_the_gateway(HubSpot(), monkeypatch) as there:
        yield there
    settings.get.cache_clear()


@contextmanager
def at_the_gateway(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with running(account):
        monkeypatch.setenv("CRM_GATEWAY", account.url)
        settings.get.cache_clear()
        yield account


def button(app: AppTest, label: str) -> Button:
    return next(each for each in app.button if each.label == label)


def test_companies_are_handed_over_from_leads(
    open_page: Open, token: str, person: Person, account: Account
) -> None:
    finished(person, [lead(n, domain=f"cafe{n}.test") for n in (1, 2)])
    app = open_page(PAGE, token)
    assert "Not connected" in words(app)
    app.text_input(key="crm_hubspot_token").set_value("short")
    calm(button(app, "Connect").click().run())
    assert "Paste it as it was given" in words(app)
    app.text_input(key="crm_hubspot_token").set_value(account.token)
    calm(button(app, "Connect").click().run())
    assert "being checked" in words(app)
    list(crm_work.run_due())
    app = open_page(PAGE, token)
    assert "answered" in words(app)
    app.selectbox(key="crm_hubspot_map_reach").set_value("state")
    calm(button(app, "Save").click().run())
    assert "Two columns go into state" in words(app)
    app.selectbox(key="crm_hubspot_map_state").set_value("")
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


def test_of_several_systems_one_is_chosen(
    open_page: Open, token: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(person, [lead(1, domain="cafe1.test")])
    crm.connect(person, HubSpot.SYSTEM, {"token": "a-right-token"})
    app = open_page(PAGE, token)
    app.text_input(key="crm_pipedrive_host").set_value("https://acme.example.com/")
    app.text_input(key="crm_pipedrive_token").set_value("a-right-token")
    connect = next(each for each in app.button if "crm-token-pipedrive" in each.form_id)
    calm(connect.click().run())
    assert "Type the address you see in Pipedrive" in words(app)
    app.text_input(key="crm_pipedrive_host").set_value("https://acme.pipedrive.com/settings")
    connect = next(each for each in app.button if "crm-token-pipedrive" in each.form_id)
    calm(connect.click().run())
    leads = open_page("pages/leads.py", token)
    calm(leads.button(key="book_hand_off").click().run())
    calm(leads.button(key="book_hand_to_pipedrive").click().run())
    with at_the_gateway(Pipedrive(), monkeypatch) as there:
        list(crm_work.run_due())
        assert there.writes() == []
    settings.get.cache_clear()
    (run,) = crm_runs.runs(person)
    assert (run.crm, run.creates) == ("pipedrive", 1)


def test_somebody_else_sees_nothing_of_it(open_page: Open, colleague: str) -> None:
    assert "Not connected" in words(open_page(PAGE, colleague))


def test_a_member_is_told_who_connects_a_system(
    open_page: Open, person: Person, colleague: str, database: Database
) -> None:
    found = identity.who_is(colleague)
    assert found is not None
    joins(database, found, person, MemberRole.MEMBER)
    with transaction(Role.WEB, proof=found.proof) as conn:
        users.switch_workspace(conn, person.workspace_id)
    assert "Ask an owner or admin of the workspace to connect one" in words(open_page(PAGE, colleague))
