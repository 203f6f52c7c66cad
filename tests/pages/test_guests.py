"""What a guest sees of the pages, and what administrators do about guests."""

from __future__ import annotations

from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

import settings
from services import campaigns, guests, identity
from services.errors import Conflict
from services.identity import Person
from tests.pages.conftest import PASSWORD, Open, calm, words
from tests.pages.stored import make_known
from tests.support.campaigns import SPEC
from tests.support.guests import HOME, let_guests_in
from ui.session import TOKEN_KEY


@pytest.fixture
def guest_token(token: str, monkeypatch: pytest.MonkeyPatch) -> str:
    let_guests_in(monkeypatch, guest_campaigns=1)
    return guests.arrive(HOME).token


def html(app: AppTest) -> str:
    """What a page draws itself."""
    return "\n".join(element.proto.body for part in (app.main, app.sidebar) for element in part.get("html"))


def test_the_menu_says_how_long_a_guest_may_stay_how_to_stay_longer_and_which_version_runs(
    guest_token: str,
) -> None:
    app = AppTest.from_file(str(settings.PROJECT_ROOT / "streamlit_app.py"), default_timeout=30)
    app.session_state[TOKEN_KEY] = guest_token
    (said,) = calm(app.run()).sidebar.text
    assert said.value.startswith("Guest until")
    assert 'href="/sign-up?next=%2Fcampaigns"' in html(app)
    assert f">Version {settings.version()}<" in html(app)


def test_a_guest_is_told_what_they_may_order_before_they_do(open_page: Open, guest_token: str) -> None:
    make_known("Helsinki")
    app = open_page("pages/new_campaign.py", guest_token, type="Café", where="Helsinki", budget="1")
    refusal = "As a guest you order free campaigns: set the budget to $0."
    assert words(app).count(refusal) == 1
    calm(app.button(key="start").click().run())
    assert words(app).count(refusal) == 1


@pytest.mark.parametrize("page", ["account", "settings", "api_keys", "team", "spend"])
def test_what_needs_an_account_says_how_to_get_one(open_page: Open, guest_token: str, page: str) -> None:
    app = open_page(f"pages/{page}.py", guest_token)
    assert "This needs an account" in words(app)
    assert 'href="/sign-up?next=%2F"' in html(app)
    assert not app.button


def test_an_administrator_ends_a_guest_and_allows_paid_campaigns(
    open_page: Open, token: str, guest_token: str
) -> None:
    visitor = identity.who_is(guest_token)
    assert visitor is not None
    stays = _signed_up()
    app = open_page("pages/admin_users.py", token)
    said = words(app)
    assert "Guest" in said
    assert "unless they sign up" in said
    assert "Free campaigns only" in said
    calm(app.button(key=f"end-{visitor.id}").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "The guest is removed." in words(app)
    assert identity.who_is(guest_token) is None
    calm(app.button(key=f"free-{stays.id}").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "may order campaigns that cost money" in words(app)
    campaigns.submit(stays, SPEC.model_copy(update={"budget_usd": Decimal(1)}), "a key")


def _signed_up() -> Person:
    """Somebody who came as a guest, and may order nothing that costs."""
    visitor = identity.who_is(guests.arrive(HOME).token)
    found = identity.who_is(guests.sign_up(visitor, "stays@example.com", PASSWORD, HOME).token)
    assert found is not None
    with pytest.raises(Conflict):
        campaigns.submit(found, SPEC.model_copy(update={"budget_usd": Decimal(1)}), "a key")
    return found
