"""A provider that administrators stop, and have tried again: in every run at once, truly told, on record."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import redis
from sqlalchemy.exc import ProgrammingError

import settings
from jobs import credit, facts
from jobs.breaker import FAILURES, Breaker
from jobs.duties import LABELS
from jobs.provider_calls import StoredCalls
from pipeline.campaign import CampaignStatus
from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.health import rules
from pipeline.money.calls import Answer, Call, Endpoint
from services import auditing, campaigns, installation_keys, provider_upkeep
from services.auditing import AuditWhere
from services.errors import NotFound
from services.identity import Person
from services.provider_upkeep import ProviderRow
from store import provider_status
from store.database import Role, transaction
from store.provider_status import ProviderState
from tests.support.campaigns import SPEC, claimed, submitted
from tests.support.catalogue import fill, row
from tests.support.people import person
from tests.support.servers import Database, rows
from tests.support.workers import eventually, worker

ENDPOINT = Endpoint(base_url="http://finder.test", key="canary-key-of-nobody")


@pytest.fixture
def boss(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("LEASE_S", "300")
    settings.get.cache_clear()
    return person("boss", is_admin=True)


@pytest.fixture
def breaker(boss: Person, redis_url: str) -> Iterator[Breaker]:
    with closing(redis.Redis.from_url(redis_url)) as client:
        yield Breaker(client, "hunter", ENDPOINT)


def run_of(boss: Person, breaker: Breaker) -> StoredCalls:
    lease = claimed(boss, submitted(boss, SPEC.model_copy(update={"budget_usd": Decimal(1)})))
    return StoredCalls(lease, {"hunter": ENDPOINT}, {}, {"hunter": breaker}, threading.Event())


def answer() -> Answer:
    return Answer(http_status=200, body={"emails": []}, cost_micros=10)


def refused() -> Answer:
    raise SourceError(Cause.KEY_REFUSED, "Hunter")


def of(domain: str) -> Call:
    return Call(
        provider="hunter",
        operation="domain_search",
        arguments={"domain": domain},
        price_micros=10,
        keep_days=30,
    )


def is_answered(calls: StoredCalls, domain: str) -> bool:
    try:
        calls.ask(of(domain), answer)
    except SourceError:
        return False
    return True


def hunter(boss: Person) -> ProviderRow:
    return next(row for row in provider_upkeep.overview(boss) if row.key == "hunter")


def test_no_run_asks_a_provider_that_is_stopped_until_it_is_to_be_asked_again(
    boss: Person, breaker: Breaker, database: Database
) -> None:
    running, other = run_of(boss, breaker), run_of(boss, breaker)
    assert is_answered(running, "a.test")
    provider_upkeep.stop(boss, "hunter")
    # One that begins knows at once, one that runs within a second.
    with pytest.raises(
        SourceError, match="Hunter is not asked at the moment: an administrator stopped it"
    ) as stopped:
        other.ask(of("b.test"), answer)
    assert (stopped.value.is_free, stopped.value.cause.leaves_open) == (True, True)
    domains = iter(f"{number}.test" for number in range(10_000))
    eventually(lambda: not is_answered(running, next(domains)), "the run to notice")
    # What is at hand is used, and nothing was begun for what was not asked.
    assert other.ask(of("a.test"), refused).saved_micros == 10
    assert rows(
        database.superuser_url,
        "select count(*) from provider_calls where state in ('intent', 'unknown', 'failed_free')",
    ) == [(0,)]
    assert rows(database.superuser_url, "select count(*) from provider_status where state <> 'ok'") == [(0,)]
    provider_upkeep.try_again(boss, "hunter")
    eventually(lambda: is_answered(other, "b.test"), "the run to ask again")


def test_a_run_that_gave_a_provider_up_asks_it_again_when_that_is_wanted(
    boss: Person, breaker: Breaker
) -> None:
    running = run_of(boss, breaker)
    with pytest.raises(SourceError):
        running.ask(of("a.test"), refused)
    assert hunter(boss).state is ProviderState.REFUSED
    provider_upkeep.try_again(boss, "hunter")
    assert hunter(boss).state is None
    eventually(lambda: is_answered(running, "b.test"), "the run to ask again")
    assert hunter(boss).state is ProviderState.OK


def test_a_breaker_is_closed_for_everybody_but_for_a_pause_the_provider_asked_for(
    boss: Person, breaker: Breaker
) -> None:
    for _ in range(FAILURES):
        breaker.failed()
    assert breaker.is_open()
    provider_upkeep.try_again(boss, "neverbounce")
    assert breaker.is_open()
    provider_upkeep.try_again(boss, "hunter")
    assert not breaker.is_open()
    # It has forgotten that it was open: one failure does not open it again.
    breaker.failed()
    assert not breaker.is_open()
    breaker.rest(30)
    provider_upkeep.try_again(boss, "hunter")
    assert breaker.is_open()


def test_who_wanted_it_is_shown_and_on_record_and_nobody_else_can(boss: Person) -> None:
    provider_upkeep.stop(boss, "hunter")
    stop = hunter(boss).stop
    assert stop is not None
    assert (stop.is_stopped, stop.changed_by) == (True, "boss@example.com")
    provider_upkeep.try_again(boss, "hunter")
    acts = auditing.listing(boss, AuditWhere(person="boss")).rows
    assert [(act.action, act.detail) for act in acts if act.action.startswith("provider_")] == [
        ("provider_tried_again", {"provider": "Hunter"}),
        ("provider_stopped", {"provider": "Hunter"}),
    ]
    pretender = replace(person("owner"), is_admin=True)
    for steer in (provider_upkeep.stop, provider_upkeep.try_again):
        with pytest.raises(ProgrammingError, match="only administrators stop providers"):
            steer(pretender, "hunter")
        with pytest.raises(NotFound):
            steer(boss, "open_data")


def test_one_that_is_stopped_is_an_alert_of_its_own_and_asked_for_nothing(boss: Person) -> None:
    installation_keys.keep_keys(boss, "hunter", {"HUNTER_IO_API_KEY": "canary-key-of-nobody"})
    with transaction(Role.SYSTEM) as conn:
        provider_status.report(conn, "hunter", ProviderState.EXHAUSTED, "Its credits are used up.")
    provider_upkeep.stop(boss, "hunter")
    with transaction(Role.SYSTEM) as conn:
        found = rules.findings(facts.gathered(conn, LABELS).facts)
    assert [(each.rule, each.subject) for each in found if "Hunter" in each.title] == [("stopped", "Hunter")]
    assert credit.ask() == "Hunter: stopped."


def test_a_campaign_of_a_worker_says_why_it_did_not_ask(boss: Person, tmp_path: Path) -> None:
    fill(tmp_path, *(row(number, website=f"https://anchor-{number}.test") for number in range(2)))
    order = SPEC.model_copy(
        update={
            "business_types": ("cafe",),
            "location": "Town",
            "min_confidence": 0,
            "waterfall": ("hunter",),
            "budget_usd": Decimal(1),
        }
    )
    with worker(tmp_path):
        # The worker was there before the key.
        installation_keys.keep_keys(boss, "hunter", {"HUNTER_IO_API_KEY": "canary-key-of-nobody"})
        provider_upkeep.stop(boss, "hunter")
        campaign = campaigns.submit(boss, order, "key")
        eventually(lambda: campaigns.get(boss, campaign).status.is_final, "the end of the campaign")
    view = campaigns.get(boss, campaign)
    assert (view.status, view.lead_count, view.spent_micros) == (CampaignStatus.PARTIAL, 2, 0)
    assert "Hunter is not asked at the moment: an administrator stopped it." in str(view.outcome_reason)
