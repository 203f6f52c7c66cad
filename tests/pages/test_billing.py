"""The page *Billing*, and that nothing of it is seen where plans are not sold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services import billing, billing_work, identity, workspaces
from services.identity import Person
from services.roles import MemberRole
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import make_known
from tests.support.billing_on import sold
from tests.support.campaigns import SPEC, submitted
from tests.support.people import joins
from tests.support.servers import Database
from tests.support.stripe_account import TEAM, StripeAccount

PAGE = "pages/billing.py"


@pytest.fixture
def stripe(person: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeAccount]:
    with sold(monkeypatch) as account:
        yield account


def test_the_owner_chooses_a_plan_and_sees_bills(
    open_page: Open, token: str, person: Person, stripe: StripeAccount
) -> None:
    submitted(person, SPEC.model_copy(update={"max_results": 200}))
    app = open_page(PAGE, token)
    said = words(app)
    for line in ("Your plan: Free", "Leads this month: 200 of 250", "49.00 USD a month", "no money moves"):
        assert line in said
    make_known("Helsinki")
    form = words(open_page("pages/new_campaign.py", token, type="cafe", where="Helsinki", count="100"))
    assert "Left to find: 50 leads this month in the plan Free" in form
    assert "and 50 are left: ask for 50 at most" in form
    calm(app.button(key="choose-team").click().run())
    assert f"https://checkout.stripe.com/c/pay/{TEAM}" in [link.proto.url for link in app.get("link_button")]
    stripe.subscribe("cus_1")
    stripe.bill("cus_1", "paid")
    app = open_page(PAGE, token, came="paid")
    assert "Stripe is asked what is paid for" in words(app)
    list(billing_work.run_due())
    calm(app.run())
    said = words(app)
    assert "Your plan: Team" in said
    assert "Renews on" in said
    assert "TEST-0001 · 49.00 USD · Paid" in said
    assert "https://invoice.stripe.com/i/1" in [link.proto.url for link in app.get("link_button")]
    calm(app.button(key="change-business").click().run())
    assert any("subscription_update_confirm" in link.proto.url for link in app.get("link_button"))
    assert "boss@example.com · Team · Paid" in words(open_page("pages/admin_users.py", token))


def test_a_missing_payment_is_told_on_home_too(
    open_page: Open, token: str, person: Person, stripe: StripeAccount
) -> None:
    submitted(person)
    billing.checkout(person, "team")
    name = stripe.subscribe("cus_1", status="past_due", latest_invoice=stripe.bill("cus_1"))
    list(billing_work.run_due())
    assert "A payment is missing. The plan Team is kept until" in words(open_page("pages/home.py", token))
    stripe.subscriptions[name]["latest_invoice"]["created"] -= 15 * 86_400
    billing.came_back(person)
    list(billing_work.run_due())
    assert "the plan is Free now. Nothing was removed" in words(open_page(PAGE, token))


def test_others_look_and_pay_nothing(
    open_page: Open, person: Person, colleague: str, stripe: StripeAccount, database: Database
) -> None:
    found = identity.who_is(colleague)
    assert found is not None
    joins(database, found, person, MemberRole.ADMIN)
    workspaces.switch(found, person.workspace_id)
    app = open_page(PAGE, colleague)
    assert "The owner of the workspace chooses the plan" in words(app)
    assert not [
        button.key for button in app.button if str(button.key).startswith(("choose", "change", "portal"))
    ]


def test_without_stripe_no_page_says_a_word_of_it(open_page: Open, token: str) -> None:
    for page in ("team", "settings", "admin_users", "admin_duties", "new_campaign", "api_keys"):
        said = words(open_page(f"pages/{page}.py", token)).lower()
        of_it = ("stripe", "billing", "plan free", "plan of the workspace", "subscri", "wallet")
        assert [word for word in of_it if word in said] == [], page


def test_the_wallet_is_paid_into_and_told_of(
    open_page: Open, token: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(person)
    with sold(monkeypatch, wallets=True) as stripe:
        assert "wallet" not in words(open_page("pages/home.py", token)), "it was never used"
        app = open_page(PAGE, token)
        assert "Balance: $0.00" in words(app)
        calm(app.number_input(key="wallet_amount").set_value(80).run())
        calm(app.button(key="pay-in").click().run())
        assert "https://checkout.stripe.com/c/pay/8000" in [link.proto.url for link in app.get("link_button")]
        charge = stripe.pay_in("cus_1", 8_000)
        billing.came_back(person)
        list(billing_work.run_due())
        app = open_page(PAGE, token)
        assert "Left for new orders: $80.00" in words(app)
        assert "Paid in | +$80.00" in words(app)
        stripe.dispute(charge)
        billing.came_back(person)
        list(billing_work.run_due())
        said = words(open_page(PAGE, token))
        assert "Balance: $0.00" in said
        assert "Disputed | −$80.00" in said
        assert "The wallet is low: $0.00 are in it. See Billing." in words(open_page("pages/home.py", token))
