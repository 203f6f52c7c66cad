"""Providers that bill a request and then fail to answer it: the ledger has every cent, and no budget is passed.

One worker serves all cases; each is one campaign of a new owner, whose budget is too small for all it would like to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import redis

import settings
from embedded.postgres import Postgres
from embedded.redis import Redis
from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.lead import StepOutcome
from services import campaigns, results
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import database as store_database
from store.ids import new_id
from tests.providers_server.faults import LATE
from tests.providers_server.google import GEOCODE_MICROS, PLACE_MICROS
from tests.providers_server.hunter import CREDIT_MICROS
from tests.providers_server.neverbounce import CHECK_MICROS
from tests.support import billing
from tests.support.people import person
from tests.support.providers import Providers, lost, providers
from tests.support.servers import APP_SECRET, Database, change, cloned, rows
from tests.support.workers import eventually, worker

QUICK = [kind for kind in LATE if kind != "hangs"]
"""The others need as long as a client waits."""
POTTERIES = CampaignSpec(
    business_types=("pottery",),
    location="60.17, 24.94",
    radius_km=10,
    max_results=20,
    min_confidence=0,
    sources=("google_places",),
    waterfall=("hunter", "neverbounce"),
)
READ = POTTERIES.model_copy(update={"sources": ("osm_live",), "waterfall": ("website", "neverbounce")})
MANY = POTTERIES.model_copy(update={"max_results": 80})


@dataclass(frozen=True)
class Case:
    """An operation that is lost, in a campaign that can pay for so much, and what had been paid for before it."""

    operation: str
    spec: CampaignSpec
    price_micros: int
    times: int
    paid_before: tuple[str, ...] = ()


CASES = {
    "geocoding": Case(
        "geocode", POTTERIES.model_copy(update={"location": "Helsinki"}), GEOCODE_MICROS, 1, ("text_search",)
    ),
    "a page of places": Case("text_search", POTTERIES, PLACE_MICROS, 2),
    "a domain search": Case("domain_search", POTTERIES, CREDIT_MICROS, 3, ("text_search",)),
    # The addresses come from websites, for nothing, so that three checks are all there is money for: five that are lost
    # would have the campaign wait for the provider.
    "a single check": Case("single_check", READ, CHECK_MICROS, 3),
    # How many addresses are checked one by one and how many in lists is a matter of time.
    "a list": Case(
        "jobs_create", MANY, CHECK_MICROS, 1, ("text_search", "domain_search", "single_check", "jobs_create")
    ),
}
NOBODY_KNOWS = {"operation": "search", "kind": "answer", "status": 200, "body": "[]"}
"""Nominatim, which is asked before Google where a place is."""


@pytest.fixture(scope="module")
def books(postgres: Postgres, migrated: str) -> Iterator[Database]:
    with cloned(postgres, migrated) as made:
        yield made


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--synthetic", "200", "--no-limited") as running:
        yield running


@pytest.fixture(scope="module")
def environment(books: Database, stand_in: Providers, redis_process: Redis) -> dict[str, str]:
    return {
        **stand_in.settings(),
        "DATABASE_URL": books.owner_url,
        "APP_SECRET": APP_SECRET,
        "REDIS_URL": redis_process.url,
    }


@pytest.fixture(scope="module")
def at_work(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("worker")
    with worker(folder, **environment, DATA_DIR=str(folder)):
        yield


@pytest.fixture
def fresh_stand_in(
    at_work: None,
    environment: dict[str, str],
    stand_in: Providers,
    books: Database,
    clean_settings: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Providers]:
    """The stand-in, well and with an empty bill; nobody remembers an earlier case's answers or failures."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    store_database.dispose()
    eventually(
        lambda: not rows(books.superuser_url, "select 1 from campaigns where ended_at is null"),
        "an idle worker",
    )
    stand_in.reset()
    change(books.superuser_url, "truncate provider_cache")
    with redis.Redis.from_url(environment["REDIS_URL"]) as client:
        for key in client.scan_iter("breaker:*"):
            client.delete(key)
    yield stand_in
    store_database.dispose()


@pytest.fixture(scope="module")
def usual() -> dict[str, dict[str, int]]:
    """What each operation costs a campaign when all goes well, by the name of the case."""
    return {}


def ended(owner: Person, spec: CampaignSpec) -> CampaignView:
    campaign = campaigns.submit(owner, spec, str(new_id()))
    try:
        eventually(is_over(owner, campaign), "the end of the campaign")
    finally:
        # One that does not end must not keep the worker from the next case; for one that did it means nothing.
        campaigns.cancel(owner, campaign)
    return campaigns.get(owner, campaign)


def anybody() -> Person:
    """A new owner, who knows no contact yet."""
    return person(f"owner-{new_id()}")


def cost_when_well(case: Case, fresh_stand_in: Providers, usual: dict[str, dict[str, int]]) -> dict[str, int]:
    """By operation, from the bill of one campaign of this kind with money to spare."""
    key = str(case.spec.max_results)
    if key not in usual:
        ended(anybody(), case.spec.model_copy(update={"budget_usd": Decimal(20)}))
        bill = fresh_stand_in.bill()
        usual[key] = {
            name: sum(line["price_micros"] for line in bill if line["operation"] == name)
            for name in ("text_search", "domain_search", "single_check", "jobs_create")
        }
    return usual[key]


def books_are_right(view: CampaignView, fresh_stand_in: Providers, books: Database) -> None:
    """To the cent and call by call: all that was billed is known, and nothing else; none of it above the budget."""
    bill = fresh_stand_in.bill()
    assert list(billing.unrecorded(books.superuser_url, bill, view.id)) == []
    assert list(billing.uncharged(books.superuser_url, bill, view.id)) == []
    assert fresh_stand_in.billed_micros() == view.spent_micros <= view.budget_micros
    lost_micros = sum(line["price_micros"] for line in bill if line["outcome"].startswith("late"))
    assert 0 <= view.uncertain_micros <= lost_micros
    assert lost_micros > 0


def every_cent_is_explained(owner: Person, view: CampaignView, fresh_stand_in: Providers) -> None:
    """It was paid for a search, or stands on the lead it was paid for, certain or not."""
    page = results.leads(owner, view.id, LeadFilter(), LeadSort.CONFIDENCE, limit=200)
    steps = [step for row in page.rows for step in results.lead(owner, view.id, row.id).steps]
    searches = sum(
        line["price_micros"]
        for line in fresh_stand_in.bill()
        if line["operation"] in ("text_search", "geocode")
    )
    assert sum(step.cost_micros for step in steps) + searches == view.spent_micros
    unclear = [step for step in steps if step.outcome is StepOutcome.UNCERTAIN]
    assert all("may have been billed" in step.detail for step in unclear if step.cost_micros)


@pytest.mark.parametrize("kind", QUICK)
@pytest.mark.parametrize("name", CASES)
def test_whatever_is_billed_and_lost_is_in_the_ledger_and_within_the_budget(
    name: str, kind: str, fresh_stand_in: Providers, books: Database, usual: dict[str, dict[str, int]]
) -> None:
    case = CASES[name]
    before = cost_when_well(case, fresh_stand_in, usual) if case.paid_before else {}
    budget = sum(before[paid] for paid in case.paid_before) + case.times * case.price_micros
    fresh_stand_in.reset()
    change(books.superuser_url, "truncate provider_cache")
    fresh_stand_in.order_faults(NOBODY_KNOWS, lost(case.operation, kind))
    owner = anybody()
    view = ended(owner, case.spec.model_copy(update={"budget_usd": Decimal(budget) / 1_000_000}))
    books_are_right(view, fresh_stand_in, books)
    assert view.status in (CampaignStatus.PARTIAL, CampaignStatus.FAILED, CampaignStatus.COMPLETED)
    assert view.status is CampaignStatus.COMPLETED or view.outcome_reason
    every_cent_is_explained(owner, view, fresh_stand_in)


AT_ONCE = {
    "text_search": POTTERIES.model_copy(update={"waterfall": ()}),
    "domain_search": POTTERIES.model_copy(update={"sources": ("osm_live",), "waterfall": ("hunter",)}),
    "single_check": READ,
}
"""Campaigns that each ask one provider only."""


def test_providers_that_bill_and_then_keep_silent(
    fresh_stand_in: Providers, books: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    """All at once, because each takes as long as a client waits."""
    fresh_stand_in.order_faults(*(lost(operation, "hangs", last=2) for operation in AT_ONCE))
    with ExitStack() as stack:
        for name in list(AT_ONCE)[1:]:
            (tmp_path / name).mkdir()
            stack.enter_context(worker(tmp_path / name))
        ordered = {}
        for operation, spec in AT_ONCE.items():
            owner = anybody()
            paid = spec.model_copy(update={"budget_usd": Decimal("0.07")})
            ordered[operation] = owner, campaigns.submit(owner, paid, str(new_id()))
        for operation, (owner, campaign) in ordered.items():
            eventually(is_over(owner, campaign), f"the end of the one with {operation}")
    bill = fresh_stand_in.bill()
    for operation, (owner, campaign) in ordered.items():
        own = [line for line in bill if line["operation"] == operation]
        view = campaigns.get(owner, campaign)
        assert list(billing.unrecorded(books.superuser_url, own, campaign)) == []
        assert list(billing.uncharged(books.superuser_url, own, campaign)) == []
        assert sum(line["price_micros"] for line in own) == view.spent_micros <= view.budget_micros
        assert billing.lost_answers(own) > 0
        assert view.status is CampaignStatus.COMPLETED or view.outcome_reason


def is_over(owner: Person, campaign: UUID) -> Callable[[], bool]:
    return lambda: campaigns.get(owner, campaign).status.is_final
