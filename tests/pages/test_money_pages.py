"""Where money is shown: Spend, Providers, and what a campaign cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

import settings
from pipeline.campaign import CampaignStatus
from pipeline.lead import StepOutcome, StepResult
from pipeline.money.calls import Answer, Call
from services import campaigns, export_terms
from services.identity import Person
from store import lead_rows, ledger, provider_status
from store.database import Role, transaction
from store.leases import Lease
from store.progress import End
from store.provider_status import ProviderState
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import finish, make_known
from tests.support.campaigns import SPEC, TODAY, claimed, lead, spent, store_leads, submitted
from ui.session import TOKEN_KEY

PAID = SPEC.model_copy(update={"budget_usd": Decimal(2), "waterfall": ("hunter",)})
SPENT = End(status=CampaignStatus.PARTIAL, message="Ended.", reason="The budget is used up.")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNTER_IO_API_KEY", "canary-key-of-nobody")
    settings.get.cache_clear()


def paid(owner: Person) -> Lease:
    """A campaign that spent its budget and left a lead half looked up."""
    lease = claimed(
        owner,
        submitted(owner, SPEC.model_copy(update={"budget_usd": Decimal("0.03"), "waterfall": ("hunter",)})),
    )
    call = Call(
        provider="hunter",
        operation="domain_search",
        arguments={"domain": "anchor.test"},
        price_micros=24_500,
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.settle(conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=24_500))
    store_leads(lease, [lead(1)])
    undone = StepResult(
        step="hunter", outcome=StepOutcome.SKIPPED, detail="The budget is used up.", is_open=True
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        lead_rows.save(conn, lease, [replace(lead(1), steps=(undone,))], TODAY, {"google_places": 30})
        ledger.mark_simulated(conn, lease)
    finish(lease, SPENT)
    return lease


def test_spend_says_what_to_expect_before_anything_was_spent(open_page: Open, token: str) -> None:
    assert "Nothing was spent yet" in words(open_page("pages/spend.py", token))


def test_spend_lists_sums_and_calls(open_page: Open, token: str, person: Person) -> None:
    paid(person)
    app = open_page("pages/spend.py", token)
    assert "$0.0245" in words(app)
    calls = app.dataframe[-1].value
    assert list(calls["Asked for"]) == ["anchor.test"]
    assert list(calls["Outcome"]) == ["Answered"]


@pytest.mark.parametrize("campaign", ["1 or 1=1", "", "0" * 5000])
def test_a_campaign_in_the_address_that_is_none_filters_nothing(
    open_page: Open, token: str, person: Person, campaign: str
) -> None:
    paid(person)
    assert len(open_page("pages/spend.py", token, campaign=campaign).dataframe) == 2


def test_somebody_elses_campaign_shows_no_calls(
    open_page: Open, token: str, person: Person, colleague: str
) -> None:
    lease = paid(person)
    said = words(open_page("pages/spend.py", colleague, campaign=str(lease.campaign_id)))
    assert "anchor.test" not in said


def test_an_ended_campaign_shows_its_cost_and_goes_on_with_more_budget(
    open_page: Open, token: str, person: Person
) -> None:
    lease = paid(person)
    app = open_page("pages/progress.py", token, campaign=str(lease.campaign_id))
    assert "What it cost" in words(app)
    assert "Simulated contacts" in words(app)
    calm(app.button(key="add_budget").click().run())
    view = campaigns.get(person, lease.campaign_id)
    assert (view.status, view.budget_micros) == (CampaignStatus.PENDING, 2_030_000)


def test_look_ups_without_a_certain_answer_can_be_asked_again_at_a_stated_price(
    open_page: Open, token: str, person: Person
) -> None:
    lease = claimed(person, submitted(person, SPEC))
    lost = StepResult(step="hunter", outcome=StepOutcome.UNCERTAIN, detail="Interrupted.", cost_micros=24_500)
    store_leads(lease, [replace(lead(1), steps=(lost,))])
    finish(lease, End(status=CampaignStatus.COMPLETED, message="Ended."))
    app = open_page("pages/progress.py", token, campaign=str(lease.campaign_id))
    again = app.button(key="ask_again")
    assert again.label.replace("\\", "") == "Ask again for 1 look-up (at most $0.0245)"
    calm(again.click().run())
    assert campaigns.get(person, lease.campaign_id).status is CampaignStatus.PENDING


def test_providers_are_shown_to_administrators_without_their_keys(
    open_page: Open, token: str, colleague: str
) -> None:
    said = words(open_page("pages/admin_providers.py", token))
    assert "Hunter" in said
    assert "set GOOGLE_PLACES_API_KEY" in said
    assert "Set REACHER_BASE_URL and start" in said
    assert "canary" not in said
    assert "for administrators" in words(open_page("pages/admin_providers.py", colleague))


def test_the_decision_on_googles_values_is_recorded(open_page: Open, token: str) -> None:
    app = open_page("pages/admin_providers.py", token)
    assert "google_places" in export_terms.withheld_origins()
    calm(app.toggle(key="export_google_places").set_value(True).run())
    assert "From now on everybody's exports will hold" in words(app)
    assert "google_places" in export_terms.withheld_origins()
    calm(app.button(key="decide_google_places").click().run())
    assert "google_places" not in export_terms.withheld_origins()


def test_the_form_offers_what_has_a_key_and_says_what_the_rest_needs(open_page: Open, token: str) -> None:
    app = open_page("pages/new_campaign.py", token)
    assert app.multiselect(key="lookup").options == ["Company website", "Hunter"]
    assert app.multiselect(key="lookup").value == ["Hunter"]
    assert "NeverBounce needs NEVERBOUNCE_API_KEY" in words(app)
    assert "Snov.io needs SNOV_CLIENT_ID and SNOV_CLIENT_SECRET" in words(app)
    assert "Reacher needs REACHER_BASE_URL" in words(app)


def test_the_cost_is_seen_while_a_campaign_runs(open_page: Open, token: str, person: Person) -> None:
    lease = claimed(person, submitted(person, PAID))
    before = open_page("pages/progress.py", token, campaign=str(lease.campaign_id))
    assert "What it costs so far" not in words(before)
    spent(lease, "anchor.test", 24_500)
    app = open_page("pages/progress.py", token, campaign=str(lease.campaign_id))
    said = words(app)
    assert "What it costs so far" in said
    assert "Total: $0.0245" in said
    assert len(app.get("plotly_chart")) == 1


def test_spend_can_be_about_one_campaign(open_page: Open, token: str, person: Person) -> None:
    first, second = (claimed(person, submitted(person, PAID)) for _ in range(2))
    spent(first, "a.test", 24_500)
    spent(second, "b.test", 24_500)
    app = open_page("pages/spend.py", token, campaign=str(first.campaign_id))
    assert "Spent: $0.0245" in words(app)
    assert list(app.dataframe[-1].value["Asked for"]) == ["a.test"]
    calm(app.button(key="all_campaigns").click().run())
    assert "Spent: $0.049" in words(app)


def whole_app(session: str) -> AppTest:
    """What the entry script draws around every page, with the page it opens by itself."""
    app = AppTest.from_file(str(settings.PROJECT_ROOT / "streamlit_app.py"), default_timeout=30)
    app.session_state[TOKEN_KEY] = session
    return calm(app.run())


def test_a_refused_key_is_an_alarm_on_every_page_of_an_administrator(
    open_page: Open, token: str, colleague: str
) -> None:
    with transaction(Role.WORKER) as conn:
        provider_status.report(conn, "hunter", ProviderState.REFUSED, "Hunter refused the key.")
    alarm = "Hunter refused the key. Campaigns go on without it until that is mended; see Admin, Providers."
    assert alarm in words(whole_app(token))
    assert alarm not in words(whole_app(colleague))


def test_leaving_googles_values_out_is_a_decision_too(
    open_page: Open, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Nobody has decided yet." not in words(open_page("pages/admin_providers.py", token))
    monkeypatch.setenv("GOOGLE_PLACES_API_KEY", "canary-key-of-nobody")
    settings.get.cache_clear()
    app = open_page("pages/admin_providers.py", token)
    assert "Nobody has decided yet." in words(app)
    calm(app.button(key="withhold_google_places").click().run())
    assert "Decided by boss@example.com on" in words(app)
    assert "google_places" in export_terms.withheld_origins()


def test_a_budget_that_would_be_refused_is_said_in_the_plan_once(
    open_page: Open, token: str, person: Person
) -> None:
    make_known("Helsinki")
    app = open_page(
        "pages/new_campaign.py", token, type="Café", where="Helsinki", budget="0.01", lookup="Hunter"
    )
    refusal = "The first paid call costs $0.0245, more than the budget."
    assert words(app).count(refusal) == 1
    calm(app.button(key="start").click().run())
    assert words(app).count(refusal) == 1
    assert campaigns.list_mine(person).total == 0
