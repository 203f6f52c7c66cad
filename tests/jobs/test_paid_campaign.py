"""Whole paid campaigns by real workers against the stand-in providers, checked against what those billed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import redis

import settings
from pipeline.campaign import CampaignSpec, CampaignStatus, Source, Step
from pipeline.lead import EmailStatus, StepOutcome
from services import campaigns, catalogue, exporting, results, spending
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import ledger
from store.database import Role, transaction
from store.ids import new_id
from tests.support.people import person
from tests.support.providers import GOOGLE_KEY, HUNTER_KEY, NEVERBOUNCE_KEY, Providers, providers
from tests.support.servers import Database, rows
from tests.support.workers import eventually, worker

CAFES = CampaignSpec(
    business_types=("cafe",),
    location="Helsinki",
    max_results=15,
    min_confidence=0,
    budget_usd=Decimal(5),
    sources=(Source.GOOGLE_PLACES,),
    waterfall=(Step.WEBSITE, Step.HUNTER, Step.NEVERBOUNCE),
)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--synthetic", "200", "--no-limited") as running:
        yield running


@pytest.fixture
def market(
    stand_in: Providers, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Providers:
    """The stand-in, asked by every worker of this test."""
    for name, value in stand_in.settings().items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    stand_in.reset()
    catalogue.ensure_first_fill()
    return stand_in


@pytest.fixture
def owner(market: Providers) -> Person:
    return person("owner")


def run(owner: Person, spec: CampaignSpec, folder: Path) -> CampaignView:
    """A campaign, from order to end."""
    with worker(folder):
        return ended(owner, campaigns.submit(owner, spec, str(new_id())))


def ended(owner: Person, campaign: UUID) -> CampaignView:
    eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    return campaigns.get(owner, campaign)


def leads_of(owner: Person, view: CampaignView) -> list[results.LeadDetail]:
    page = results.leads(owner, view.id, LeadFilter(), LeadSort.CONFIDENCE, limit=200)
    return [results.lead(owner, view.id, row.id) for row in page.rows]


def books_are_right(database: Database, market: Providers) -> None:
    """Invariants of the ledger, and that nothing was billed that it does not hold."""
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []
    ((spent, budget),) = rows(
        database.superuser_url, "select sum(spent_micros), sum(budget_micros) from campaigns"
    )
    assert market.billed_micros() <= int(str(spent)) <= int(str(budget))
    assert rows(database.superuser_url, "select 1 from provider_calls where state = 'intent'") == []


def test_a_paid_campaign_finds_verifies_and_accounts(
    owner: Person, market: Providers, database: Database, tmp_path: Path
) -> None:
    view = run(owner, CAFES, tmp_path)
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 15), view.outcome_reason
    assert view.spent_micros == market.billed_micros() > 0
    books_are_right(database, market)
    details = leads_of(owner, view)
    paid = sum(step.cost_micros for detail in details for step in detail.steps)
    searches = len([line for line in market.bill("google_places") if line["price_micros"]])
    assert paid + searches * 35_000 == view.spent_micros
    assert searches == 1
    for detail in details:
        assert [step.step for step in detail.steps] == ["open_data", "website", "hunter", "neverbounce"]
        if detail.row.email_status is EmailStatus.VERIFIED:
            assert detail.steps[-1].outcome is StepOutcome.FOUND
    verified = [detail.row.email for detail in details if detail.row.email_status is EmailStatus.VERIFIED]
    assert verified
    answered = {line["argument"] for line in market.bill("neverbounce")}
    assert {str(email) for email in verified} <= answered


def test_an_answer_that_is_held_is_not_bought_again(
    owner: Person, market: Providers, database: Database, tmp_path: Path
) -> None:
    first = run(owner, CAFES, tmp_path)
    once = len(market.bill("hunter")), len(market.bill("neverbounce"))
    second = run(owner, CAFES, tmp_path)
    assert (len(market.bill("hunter")), len(market.bill("neverbounce"))) == once
    assert second.status is CampaignStatus.COMPLETED
    assert second.spent_micros < first.spent_micros
    assert {d.row.name: d.row.email for d in leads_of(owner, first)} == {
        d.row.name: d.row.email for d in leads_of(owner, second)
    }
    books_are_right(database, market)


def test_the_budget_ends_the_campaign_and_is_never_exceeded(
    owner: Person, market: Providers, database: Database, tmp_path: Path
) -> None:
    view = run(owner, CAFES.model_copy(update={"budget_usd": Decimal("0.10")}), tmp_path)
    assert view.status is CampaignStatus.PARTIAL
    assert "budget" in str(view.outcome_reason)
    assert view.lead_count == 15
    assert view.spent_micros <= 100_000
    books_are_right(database, market)


def test_a_revoked_key_ends_that_provider_and_not_the_campaign(
    owner: Person, market: Providers, database: Database, tmp_path: Path
) -> None:
    body = '{"errors": [{"id": "authentication_failed", "code": 401, "details": "No."}]}'
    market.order_faults(
        {"operation": "domain_search", "kind": "answer", "first": 3, "status": 401, "body": body}
    )
    view = run(owner, CAFES, tmp_path)
    assert view.status is CampaignStatus.PARTIAL
    assert "Hunter refused the key" in str(view.outcome_reason)
    assert view.lead_count == 15
    ((state, message),) = rows(
        database.superuser_url, "select state, message from provider_status where provider = 'hunter'"
    )
    assert (state, message) == ("refused", "Hunter refused the key of this installation.")
    books_are_right(database, market)


FAULTS = {
    "server error": {"kind": "answer", "status": 503, "every": 3},
    "cut in the middle": {"kind": "cut", "every": 4},
    "html instead of json": {"kind": "answer", "status": 200, "body": "<html>Sign in</html>", "every": 3},
    "empty answer": {"kind": "answer", "status": 204, "every": 3},
    "a list": {"kind": "answer", "status": 200, "body": "[]", "every": 3},
    "not a number": {"kind": "answer", "status": 200, "body": '{"data": NaN}', "every": 3},
    "too large": {"kind": "huge", "every": 6},
    "too fast": {
        "kind": "answer",
        "status": 403,
        "body": '{"errors": [{"id": "too_many_requests"}]}',
        "every": 5,
    },
}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_a_provider_answers_the_campaign_ends_and_the_books_are_right(
    name: str, owner: Person, market: Providers, database: Database, tmp_path: Path
) -> None:
    market.order_faults(
        {"operation": "domain_search", **FAULTS[name]}, {"operation": "single_check", **FAULTS[name]}
    )
    view = run(owner, CAFES, tmp_path)
    assert view.status in (CampaignStatus.COMPLETED, CampaignStatus.PARTIAL), view.outcome_reason
    assert view.lead_count == 15
    books_are_right(database, market)


def test_no_key_shows_anywhere(
    owner: Person, market: Providers, database: Database, redis_url: str, tmp_path: Path
) -> None:
    """After every fault: not in the log, a row, Redis, an export, nor in anything a person is shown."""
    faults = [
        {"operation": operation, **fault, "every": 1, "first": 2 * number + 2, "last": 2 * number + 2}
        for operation in ("geocode", "domain_search", "single_check")
        for number, fault in enumerate(FAULTS.values())
    ]
    market.order_faults(*faults)
    refused = {"kind": "answer", "status": 400, "body": '{"error": {"status": "INVALID_ARGUMENT"}}'}
    with worker(tmp_path):
        view = ended(owner, campaigns.submit(owner, CAFES, str(new_id())))
        market.order_faults({"operation": "text_search", "every": 1, **refused})
        failed = ended(owner, campaigns.submit(owner, CAFES, str(new_id())))
    shown = [repr(campaigns.get(owner, each.id)) for each in (view, failed)]
    shown += [repr(campaigns.events(owner, each.id)) for each in (view, failed)]
    shown += [repr(leads_of(owner, view)), repr(spending.calls(owner, None, limit=1000))]
    exported = exporting.export(owner, view.id, LeadFilter(), LeadSort.CONFIDENCE, "csv").data.decode(
        "utf-8-sig"
    )
    places = {
        "the log": (tmp_path / "worker.log").read_text(),
        "the database": dumped(database.superuser_url),
        "Redis": remembered(redis_url),
        "an export": exported,
        "what is shown": " ".join(shown),
    }
    for name, text in places.items():
        assert len(text) > 10, name
        for secret in (GOOGLE_KEY, HUNTER_KEY, NEVERBOUNCE_KEY):
            assert secret not in text, name
    assert HUNTER_KEY in os.environ["HUNTER_IO_API_KEY"]


def dumped(url: str) -> str:
    """Every row of every table."""
    tables = rows(url, "select table_name from information_schema.tables where table_schema = 'public'")
    return " ".join(str(rows(url, f"select t::text from {name} t")) for (name,) in tables)


def remembered(url: str) -> str:
    """Every key of Redis with its value as it is stored."""
    with closing(redis.Redis.from_url(url)) as connection:
        keys = list(connection.scan_iter("*"))
        return " ".join(f"{key!r} {connection.dump(key)!r}" for key in keys)
