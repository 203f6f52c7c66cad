"""Whole campaigns with Snov.io and Reacher by real workers against the stand-in, and searches that were interrupted."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from io import StringIO
from pathlib import Path

import psycopg2
import pytest

import settings
from jobs.provider_calls import StoredCalls
from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.lead import EmailStatus, StepOutcome
from pipeline.network.http import ProviderHttp
from pipeline.providers.registry import registry
from pipeline.providers.snov.questions import Search, SnovQuestions
from services import campaigns, catalogue, exporting, results
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import leases, ledger, provider_setup
from store.database import Role, transaction
from store.ids import new_id
from store.leases import Lease
from tests.providers_server.snov import CREDIT_MICROS, GENERIC
from tests.providers_server.world import World
from tests.support import billing
from tests.support.campaigns import claimed, submitted
from tests.support.people import person
from tests.support.providers import SECRETS, SNOV_SECRET, Providers, providers
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually, worker

CAFES = CampaignSpec(
    business_types=("cafe",),
    location="Helsinki",
    max_results=20,
    min_confidence=0,
    budget_usd=Decimal(5),
    sources=("google_places",),
    waterfall=("snov", "reacher"),
)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--no-limited") as running:
        yield running


@pytest.fixture
def fresh_stand_in(
    stand_in: Providers, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Providers:
    """The stand-in, asked by every worker of this test as fast as it likes."""
    for name, value in {**stand_in.settings(), "SNOV_PER_MINUTE": "6000"}.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    stand_in.reset()
    return stand_in


@pytest.fixture
def owner(fresh_stand_in: Providers) -> Person:
    return person("owner")


def run(owner: Person, folder: Path, *specs: CampaignSpec) -> list[CampaignView]:
    """Campaigns, from order to end, by one worker."""
    catalogue.ensure_first_fill()
    with worker(folder):
        ordered = [campaigns.submit(owner, spec, str(new_id())) for spec in specs]
        for campaign in ordered:
            eventually(lambda each=campaign: campaigns.get(owner, each).status.is_final, "the end")  # type: ignore[misc]
    return [campaigns.get(owner, campaign) for campaign in ordered]


def leads_of(
    owner: Person, view: CampaignView, status: EmailStatus | None = None
) -> list[results.LeadDetail]:
    page = results.leads(owner, view.id, LeadFilter(status=status), LeadSort.CONFIDENCE, limit=200)
    return [results.lead(owner, view.id, row.id) for row in page.rows]


def books_are_right(database: Database, fresh_stand_in: Providers) -> None:
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []
    assert list(billing.unrecorded(database.superuser_url, fresh_stand_in.bill())) == []
    assert list(billing.uncharged(database.superuser_url, fresh_stand_in.bill())) == []
    ((spent, borne),) = rows(
        database.superuser_url,
        "select sum(c.spent_micros), (select sum(cost_micros) from leads) + (select sum(cost_micros)"
        " from provider_calls where operation = 'text_search') from campaigns c",
    )
    assert spent == borne


def holds(database: Database, secret: str) -> list[str]:
    """The tables in which a text stands."""
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"select 1 from {table} t where t::text like %s limit 1", [f"%{secret}%"])
            found += [table] if cursor.fetchone() else []
    return found


def test_what_mail_servers_accept_is_never_counted_as_verified(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    verifying = CAFES.model_copy(update={"waterfall": ("snov", "reacher", "neverbounce")})
    view, verified = run(owner, tmp_path, CAFES, verifying)
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 20), view.outcome_reason
    accepted = leads_of(owner, view, EmailStatus.ACCEPTED)
    assert accepted
    assert all(detail.steps[-1].outcome is StepOutcome.FOUND for detail in accepted)
    assert (view.emails_verified, view.cost_per_usable_lead_micros) == (0, None)
    assert view.emails_found >= len(accepted)
    file = exporting.export(owner, view.id, LeadFilter(), LeadSort.CONFIDENCE, "csv")
    exported = [line["E-mail status"] for line in csv.DictReader(StringIO(file.data.decode("utf-8-sig")))]
    assert exported.count("accepted") == len(accepted)
    assert "verified" not in exported
    # With NeverBounce after it, that has the last word.
    assert verified.status is CampaignStatus.COMPLETED, verified.outcome_reason
    assert leads_of(owner, verified, EmailStatus.ACCEPTED) == []
    assert verified.emails_verified == len(leads_of(owner, verified, EmailStatus.VERIFIED)) > 0
    known = {shop.domain for shop in World(0).shops if shop.email}
    paid = {line["argument"] for line in fresh_stand_in.bill("snov") if line["price_micros"]}
    assert paid
    assert paid <= known
    assert fresh_stand_in.calls("count") > len(paid)
    assert {line["provider"] for line in fresh_stand_in.bill()} == {"google_places", "snov", "neverbounce"}
    books_are_right(database, fresh_stand_in)
    assert [secret for secret in SECRETS if holds(database, secret)] == []
    assert holds(database, "snov")


def test_a_reacher_that_reaches_no_mail_server_is_said_once_and_its_leads_wait(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    fresh_stand_in.order_faults({"operation": "check_email", "kind": "no_smtp"})
    (view,) = run(owner, tmp_path, CAFES.model_copy(update={"max_results": 60}))
    assert view.status is CampaignStatus.PARTIAL
    assert "is port 25 closed to it?" in str(view.outcome_reason)
    told = rows(
        database.superuser_url, "select state, message from provider_status where provider = 'reacher'"
    )
    assert told == [
        ("refused", "Reacher reached no mail server in 5 checks in a row; is port 25 closed to it?")
    ]
    assert fresh_stand_in.calls("check_email") < 5 + 5
    books_are_right(database, fresh_stand_in)


def questions(lease: Lease) -> tuple[SnovQuestions, ProviderHttp]:
    endpoints = provider_setup.endpoints()
    spec = registry().providers["snov"]
    http = ProviderHttp(spec.label, endpoints["snov"], user_agent="t")
    calls = StoredCalls(lease, endpoints, {}, {}, threading.Event(), sleep=lambda _: None)
    asked = SnovQuestions(
        calls, http, "an-account", SNOV_SECRET, price_micros=CREDIT_MICROS, wait=lambda _: None
    )
    return asked, http


def test_a_search_that_was_paid_for_is_found_by_its_hash_after_an_interruption(
    owner: Person, fresh_stand_in: Providers, database: Database
) -> None:
    shop = next(shop for shop in World(0).shops if shop.email and shop.number % 3 != 2)
    lease = claimed(owner, submitted(owner, CAFES.model_copy(update={"sources": ("open_data",)})))
    first, http = questions(lease)
    fresh_stand_in.order_faults(
        {"operation": f"{GENERIC}_result", "kind": "answer", "status": 404, "last": 1},
        {"operation": f"{GENERIC}_result", "kind": "expired", "first": 2, "last": 2},
    )
    started = first.started(Search.GENERIC, str(shop.domain), "a lead")
    with pytest.raises(SourceError) as broken:
        first.found(Search.GENERIC, started, str(shop.domain))
    assert (broken.value.cause, broken.value.is_free) == (Cause.NOT_ACCEPTED, False)
    http.close()
    # Another worker takes the campaign over; its token is refused once, too.
    change(database.superuser_url, "update discovery_jobs set lease_until = now() - interval '1 second'")
    with transaction(Role.WORKER) as conn:
        later = leases.claim(conn, lease.job_id, lease.attempt, "another")
    assert later is not None
    second, http = questions(later)
    again = second.started(Search.GENERIC, str(shop.domain), "a lead")
    assert second.found(Search.GENERIC, again, str(shop.domain)) == [shop.email]
    http.close()
    assert again.cost_micros == CREDIT_MICROS
    assert [line["price_micros"] for line in fresh_stand_in.bill("snov")] == [CREDIT_MICROS]
    assert campaigns.get(owner, lease.campaign_id).spent_micros == CREDIT_MICROS


def test_a_search_that_came_to_nothing_gives_its_price_back_once(
    owner: Person, fresh_stand_in: Providers
) -> None:
    shop = next(shop for shop in World(0).shops if shop.email and shop.number % 3 == 2)
    lease = claimed(owner, submitted(owner, CAFES.model_copy(update={"sources": ("open_data",)})))
    asked, http = questions(lease)
    started = asked.started(Search.GENERIC, str(shop.domain), "a lead")
    assert campaigns.get(owner, lease.campaign_id).spent_micros == CREDIT_MICROS
    assert [asked.found(Search.GENERIC, started, str(shop.domain)) for _ in range(2)] == [None, None]
    assert campaigns.get(owner, lease.campaign_id).spent_micros == 0
    assert asked.started(Search.GENERIC, str(shop.domain), "a lead").cost_micros == 0
    http.close()
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []
