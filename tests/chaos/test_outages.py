"""Postgres restarts, Redis dies, is full or silent, the disk is full: campaigns wait, go on, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
import redis
from rq import Queue

from jobs.queue import QUEUE, TASK, wake_up_name
from pipeline.campaign import CampaignStatus
from services import campaigns
from services.identity import Person
from store import database as store_database
from store.ids import new_id
from tests.support.drill import POTTERIES
from tests.support.invariants import violations
from tests.support.outages import Servers, prepare, servers
from tests.support.people import person
from tests.support.providers import Providers
from tests.support.servers import Database, change, rows
from tests.support.worker_pool import worker_pool
from tests.support.workers import eventually, worker

SLOW = {"operation": "domain_search", "kind": "delay", "delay_s": 0.7}


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servers, dict[str, str]]]:
    with servers(tmp_path_factory.mktemp("own")) as made:
        yield made


@pytest.fixture
def fragile(
    own_servers: tuple[Servers, dict[str, str]], stand_in: Providers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Servers]:
    """Servers that only this test uses, named by its settings."""
    running, environment = own_servers
    for name, value in {**stand_in.settings(), **environment, "LEASE_S": "2"}.items():
        monkeypatch.setenv(name, value)
    prepare()
    stand_in.reset()
    change(running.url, "truncate users, workspaces, provider_cache, spend_sums cascade")
    yield running
    store_database.dispose()


def is_over(owner: Person, campaign: UUID) -> Callable[[], bool]:
    return lambda: campaigns.get(owner, campaign).status.is_final


def in_flight(url: str) -> bool:
    ((number,),) = rows(url, "select count(*) from provider_calls where state = 'intent'")
    return int(str(number)) > 5


def test_postgres_restarts_and_workers_and_pages_reconnect_by_themselves(
    fragile: Servers, stand_in: Providers, tmp_path: Path
) -> None:
    owner = person("owner")
    stand_in.order_faults(SLOW)
    with worker_pool(tmp_path, 2):
        ordered = [campaigns.submit(owner, POTTERIES, str(new_id()))]
        eventually(lambda: in_flight(fragile.url), "calls in flight")
        fragile.restart_postgres()
        # The page's own connections were cut as well.
        assert campaigns.get(owner, ordered[0]).id == ordered[0]
        ordered.append(campaigns.submit(owner, POTTERIES, str(new_id())))
        for campaign in ordered:
            eventually(is_over(owner, campaign), "the end")
    assert [campaigns.get(owner, campaign).status for campaign in ordered] == [CampaignStatus.COMPLETED] * 2
    assert violations(fragile.url, stand_in.bill(), kills=1) == []


def test_redis_dies_in_the_middle_and_comes_back_empty(
    fragile: Servers, stand_in: Providers, tmp_path: Path
) -> None:
    owner = person("owner")
    stand_in.order_faults(SLOW)
    # Without Redis nobody could take up again what lost its lease on a busy machine.
    with worker_pool(tmp_path, 1, LEASE_S="60"):
        running, queued = (campaigns.submit(owner, POTTERIES, str(new_id())) for _ in range(2))
        eventually(lambda: in_flight(fragile.url), "calls in flight")
        fragile.kill_redis()
        # What runs goes on, and orders are still taken.
        ordered = campaigns.submit(owner, POTTERIES, str(new_id()))
        eventually(is_over(owner, running), "the end of what ran")
        assert not campaigns.get(owner, queued).status.is_final
        fragile.start_redis()
        for campaign in (queued, ordered):
            eventually(is_over(owner, campaign), "the end of what waited")
    assert violations(fragile.url, stand_in.bill(), kills=0) == []
    assert rows(fragile.url, "select failures from discovery_jobs") == [(0,)] * 3


@pytest.mark.parametrize("trouble", ["full", "silent"])
def test_an_order_does_not_wait_for_a_redis_in_trouble(
    trouble: str, owner: Person, redis_url: str, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        if trouble == "full":
            client.config_set("maxmemory", 1)
        else:
            client.client_pause(2_000)
        try:
            campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
            assert rows(database.superuser_url, "select sent_at from outbox") == [(None,)]
        finally:
            if trouble == "full":
                client.config_set("maxmemory", 0)
            else:
                client.client_unpause()
    with worker(tmp_path):
        eventually(is_over(owner, campaign), "the end")
    assert campaigns.get(owner, campaign).status is CampaignStatus.COMPLETED


def test_without_room_for_an_intent_nothing_is_sent(
    owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """As the database says it when its disk is full."""
    change(
        database.superuser_url,
        "create function no_room() returns trigger language plpgsql as"
        " $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$;"
        " create trigger no_room before insert on provider_calls for each row execute function no_room()",
    )
    with worker_pool(tmp_path, 1):
        campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
        eventually(
            lambda: rows(database.superuser_url, "select 1 from discovery_jobs where attempt > 1"), "attempts"
        )
        assert stand_in.bill() == []
        assert not campaigns.get(owner, campaign).status.is_final
        change(database.superuser_url, "drop trigger no_room on provider_calls")
        eventually(is_over(owner, campaign), "the end")
    assert campaigns.get(owner, campaign).status is CampaignStatus.COMPLETED
    assert violations(database.superuser_url, stand_in.bill(), kills=0) == []


def test_a_deadlock_costs_a_new_attempt_and_nothing_else(
    owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """As Postgres ends the weaker of two transactions: once, in the middle of the campaign's calls."""
    change(
        database.superuser_url,
        "create sequence hits; grant usage on sequence hits to pp_worker;"
        " create function unlucky() returns trigger language plpgsql as"
        " $$ begin if nextval('hits') = 20 then raise exception 'deadlock detected' using errcode = '40P01';"
        " end if; return new; end $$;"
        " create trigger unlucky before insert on provider_calls for each row execute function unlucky()",
    )
    with worker_pool(tmp_path, 1):
        campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
        eventually(is_over(owner, campaign), "the end")
    assert campaigns.get(owner, campaign).status is CampaignStatus.COMPLETED
    assert rows(database.superuser_url, "select failures from discovery_jobs") == [(0,)]
    assert violations(database.superuser_url, stand_in.bill(), kills=1) == []


def test_the_time_limit_of_the_queue_ends_a_campaign_with_what_it_has(
    owner: Person, stand_in: Providers, database: Database, redis_url: str, tmp_path: Path
) -> None:
    """RQ's own limit lies behind the campaign's deadline; if it ever fires, that is an end like any other."""
    stand_in.order_faults({"operation": "text_search", "kind": "delay", "delay_s": 4})
    campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
    job = campaigns.get(owner, campaign).job_id
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        Queue(QUEUE, connection=client, serializer="json").enqueue(
            TASK, str(job), 0, job_id=wake_up_name(job, 0), job_timeout=1
        )
    with worker(tmp_path):
        eventually(is_over(owner, campaign), "the end")
    assert campaigns.get(owner, campaign).status is CampaignStatus.PARTIAL
    assert violations(database.superuser_url, stand_in.bill(), kills=1) == []
