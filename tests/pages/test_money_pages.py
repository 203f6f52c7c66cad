"""Where money is shown: Spend, Providers, and what a campaign cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import settings
from pipeline.calls import Answer, Call, Provider
from pipeline.campaign import CampaignStatus, Step
from pipeline.lead import StepOutcome, StepResult
from services import campaigns, providers
from services.identity import Person
from store import lead_rows, ledger
from store.database import Role, transaction
from store.leases import Lease
from store.progress import End
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import finish
from tests.support.campaigns import SPEC, TODAY, claimed, lead, store_leads, submitted

SPENT = End(status=CampaignStatus.PARTIAL, message="Ended.", reason="The budget is used up.")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNTER_IO_API_KEY", "canary-key-of-nobody")
    settings.get.cache_clear()


def paid(owner: Person) -> Lease:
    """A campaign that spent its budget and left a lead half looked up."""
    lease = claimed(
        owner,
        submitted(
            owner, SPEC.model_copy(update={"budget_usd": Decimal("0.03"), "waterfall": (Step.HUNTER,)})
        ),
    )
    call = Call(
        provider=Provider.HUNTER,
        operation="domain_search",
        arguments={"domain": "anchor.test"},
        price_micros=24_500,
    )
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.settle(conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=24_500))
    store_leads(lease, [lead(1)])
    undone = StepResult(
        step="hunter", outcome=StepOutcome.SKIPPED, detail="The budget is used up.", is_open=True
    )
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        lead_rows.save(conn, lease, [replace(lead(1), steps=(undone,))], TODAY, 30)
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
    assert "Set GOOGLE_PLACES_API_KEY" in said
    assert "canary" not in said
    assert "for administrators" in words(open_page("pages/admin_providers.py", colleague))


def test_the_decision_on_googles_values_is_recorded(open_page: Open, token: str) -> None:
    app = open_page("pages/admin_providers.py", token)
    assert not providers.google_export_allowed()
    calm(app.toggle(key="google_export").set_value(True).run())
    assert providers.google_export_allowed()


def test_the_form_offers_what_has_a_key_and_says_what_the_rest_needs(open_page: Open, token: str) -> None:
    app = open_page("pages/new_campaign.py", token)
    assert app.multiselect(key="lookup").options == ["Company website", "Hunter"]
    assert app.multiselect(key="lookup").value == ["Hunter"]
    assert "NeverBounce needs NEVERBOUNCE_API_KEY" in words(app)
