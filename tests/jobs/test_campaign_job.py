"""Campaigns on the shipped open data, run by real workers that are stopped and killed."""

from __future__ import annotations

import json
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg2
import pytest
import redis
import sqlalchemy as sa
from rq.exceptions import StopRequested

import settings
from jobs import reconciler
from jobs.queue import wake, wake_up_name
from jobs.worker import CampaignWorker, Stop
from pipeline.campaign import CampaignSpec, CampaignStatus
from services import campaigns, catalogue, history, results
from services.campaigns import CampaignView
from services.identity import Person
from services.lists import ListKind
from services.results import LeadFilter, LeadSort
from store import leases
from store.database import Role, transaction
from tests.support.campaigns import claimed, lead, store_leads, submitted
from tests.support.catalogue import fill, row
from tests.support.lists import kept
from tests.support.people import person
from tests.support.servers import Database, rows
from tests.support.workers import eventually, worker

CAFES = CampaignSpec(business_types=("coffee shop",), location="Helsinki", max_results=25, min_confidence=0)


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    catalogue.ensure_first_fill()
    return person("owner")


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """While this lasts, no worker can search the catalogue: campaigns are ordered, start and stay in discovery."""
    conn = psycopg2.connect(database.superuser_url)
    with conn, conn.cursor() as cursor:
        cursor.execute("lock table place_kinds in access exclusive mode")
        try:
            yield
        finally:
            conn.rollback()
    conn.close()


def superuser(database: Database, statement: str) -> None:
    conn = psycopg2.connect(database.superuser_url)
    with conn, conn.cursor() as cursor:
        cursor.execute(statement)
    conn.close()


def is_running(owner: Person, campaign: UUID) -> bool:
    return campaigns.get(owner, campaign).status is CampaignStatus.PROCESSING


def ended(owner: Person, campaign: UUID) -> CampaignView:
    eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    return campaigns.get(owner, campaign)


def test_customers_are_left_out_before_anything_is_stored(
    owner: Person, tmp_path: Path, database: Database
) -> None:
    fill(tmp_path, *(row(n, website=f"https://anchor-{n}.test") for n in range(3)))
    kept(owner, b"website\nanchor-1.test\n", ListKind.CUSTOMERS)
    order = CampaignSpec(business_types=("cafe",), location="Town", max_results=25, skip_customers=True)
    with worker(tmp_path):
        view = ended(owner, campaigns.submit(owner, order, "key"))
    assert (view.status, view.lead_count, view.customers) == (CampaignStatus.COMPLETED, 2, 1)
    assert rows(database.superuser_url, "select name from businesses order by name") == [
        ("Cup 0",),
        ("Cup 2",),
    ]
    assert "1 business left out: a customer of yours." in [
        line.message for line in history.events(owner, view.id)
    ]


def test_a_campaign_finds_real_scored_leads(owner: Person, tmp_path: Path) -> None:
    with worker(tmp_path):
        campaign = campaigns.submit(owner, CAFES, "key")
        view = ended(owner, campaign)
    page = results.leads(owner, campaign, LeadFilter(), LeadSort.CONFIDENCE)
    assert (view.status, view.lead_count, view.spent_micros) == (CampaignStatus.COMPLETED, 25, 0)
    assert view.progress == 100
    assert view.businesses_found > view.leads_enriched == 25
    assert {row.category for row in page.rows} == {"amenity=cafe"}
    with transaction(Role.WORKER) as conn:
        known = set(
            conn.execute(sa.text("select name from places where category = 'amenity=cafe'")).scalars()
        )
    assert {row.name for row in page.rows} <= known
    shown = [event.progress for event in history.events(owner, campaign)]
    assert shown == sorted(shown)
    stages = [event.stage for event in history.events(owner, campaign)]
    assert len(dict.fromkeys(stages)) >= 3


@pytest.mark.parametrize(
    "changed",
    [{"business_types": ("zzqx",), "by_name": ("zzqx",)}, {"location": "0, 0", "radius_km": 1}],
)
def test_no_match_is_a_normal_end_with_a_hint(
    owner: Person, tmp_path: Path, changed: dict[str, object]
) -> None:
    with worker(tmp_path):
        view = ended(owner, campaigns.submit(owner, CAFES.model_copy(update=changed), "key"))
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 0)
    assert view.notice


def test_only_ids_travel_through_redis_as_json(owner: Person, redis_url: str) -> None:
    campaign = campaigns.submit(owner, CAFES, "key")
    job = campaigns.get(owner, campaign).job_id
    with redis.Redis.from_url(redis_url) as client:
        stored = client.hgetall(f"rq:job:c-{job}-0")
    name, _, arguments, named = json.loads(zlib.decompress(stored[b"data"]))
    assert (name, arguments, named) == ("jobs.campaign_job.run", [str(job), 0], {})


def test_a_second_wake_up_runs_nothing_twice(owner: Person, redis_url: str, tmp_path: Path) -> None:
    with worker(tmp_path) as process, redis.Redis.from_url(redis_url) as client:
        campaign = campaigns.submit(owner, CAFES, "key")
        ended(owner, campaign)
        job = campaigns.get(owner, campaign).job_id
        # RQ deletes the first one after the campaign's end, and would take the second along.
        eventually(lambda: not client.exists(f"rq:job:{wake_up_name(job, 0)}"), "the end of the first")
        assert wake(job, 0)
        eventually(lambda: "wake_up_ignored" in process.said(), "the second wake-up")
    assert results.leads(owner, campaign, LeadFilter(), LeadSort.NAME).total == 25


def test_cancelling_stops_a_running_campaign(owner: Person, database: Database, tmp_path: Path) -> None:
    with worker(tmp_path):
        with held_up(database):
            campaign = campaigns.submit(owner, CAFES, "key")
            eventually(lambda: is_running(owner, campaign), "the start")
            campaigns.cancel(owner, campaign)
        view = ended(owner, campaign)
    assert view.status is CampaignStatus.CANCELLED
    assert view.lead_count == 0


def test_a_killed_worker_loses_nothing(owner: Person, database: Database, tmp_path: Path) -> None:
    with worker(tmp_path) as first:
        with held_up(database):
            campaign = campaigns.submit(owner, CAFES, "key")
            eventually(lambda: is_running(owner, campaign), "the start")
            first.kill()
        superuser(database, "update discovery_jobs set lease_until = now()")
        with worker(tmp_path):
            view = ended(owner, campaign)
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 25)
    assert any("stopped answering" in (event.message or "") for event in history.events(owner, campaign))


def test_the_work_horse_dies_with_its_worker(owner: Person, database: Database, tmp_path: Path) -> None:
    with worker(tmp_path) as process, held_up(database):
        campaign = campaigns.submit(owner, CAFES, "key")
        eventually(lambda: is_running(owner, campaign), "the start")
        (horse,) = process.horses()
        process.process.kill()
        eventually(lambda: not horse.is_running(), "the end of the horse")


def test_a_worker_asked_to_stop_hands_over(owner: Person, database: Database, tmp_path: Path) -> None:
    with worker(tmp_path) as first:
        with held_up(database):
            campaign = campaigns.submit(owner, CAFES, "key")
            eventually(lambda: is_running(owner, campaign), "the start")
            first.process.send_signal(signal.SIGTERM)
        first.stop()
        assert campaigns.get(owner, campaign).status in (CampaignStatus.PENDING, CampaignStatus.PROCESSING)
        with worker(tmp_path):
            view = ended(owner, campaign)
    assert view.status is CampaignStatus.COMPLETED
    assert rows(database.superuser_url, "select failures from discovery_jobs") == [(0,)]


def test_a_forgotten_wake_up_is_sent_again(owner: Person, redis_url: str, database: Database) -> None:
    campaign = campaigns.submit(owner, CAFES, "key")
    job = campaigns.get(owner, campaign).job_id
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        superuser(database, "update discovery_jobs set wake_at = now() - interval '1 minute'")
        reconciler.tick()
        assert client.exists(f"rq:job:c-{job}-1")


def test_a_campaign_that_kills_its_workers_ends_as_failed_with_its_leads(
    owner: Person, database: Database
) -> None:
    campaign = submitted(owner)
    store_leads(claimed(owner, campaign), [lead(1), lead(2)])
    superuser(database, "update discovery_jobs set lease_until = now(), failures = 4")
    reconciler.tick()
    view = campaigns.get(owner, campaign)
    assert view.status is CampaignStatus.FAILED
    assert "interrupted 5 times" in (view.outcome_reason or "")
    assert results.leads(owner, campaign, LeadFilter(), LeadSort.NAME).total == 2


def test_a_death_is_counted_once_however_long_the_next_worker_takes(
    owner: Person, database: Database
) -> None:
    campaign = submitted(owner)
    claimed(owner, campaign)
    superuser(database, "update discovery_jobs set lease_until = now()")
    for _ in range(10):
        reconciler.tick()
    assert rows(database.superuser_url, "select failures, attempt, status from discovery_jobs") == [
        (1, 1, "pending")
    ]


def test_a_campaign_that_waits_behind_others_keeps_its_place(
    owner: Person, redis_url: str, database: Database
) -> None:
    job = campaigns.get(owner, campaigns.submit(owner, CAFES, "key")).job_id
    for _ in range(3):
        superuser(database, "update discovery_jobs set wake_at = now() - interval '1 minute'")
        reconciler.tick()
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.lrange("rq:queue:campaigns", 0, -1) == [f"c-{job}-0"]


def test_no_promises_pile_up_while_redis_is_away(
    owner: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    settings.get.cache_clear()
    campaigns.submit(owner, CAFES, "key")
    for _ in range(3):
        superuser(database, "update discovery_jobs set wake_at = now() - interval '1 minute'")
        reconciler.tick()
    assert rows(database.superuser_url, "select count(*) from outbox where kind = 'run_campaign'") == [(1,)]


def test_a_waiting_campaign_that_was_cancelled_while_lost_is_ended(owner: Person, database: Database) -> None:
    campaign = submitted(owner)
    claimed(owner, campaign)
    campaigns.cancel(owner, campaign)
    superuser(database, "update discovery_jobs set lease_until = now()")
    reconciler.tick()
    assert campaigns.get(owner, campaign).status is CampaignStatus.CANCELLED


def test_a_campaign_whose_processes_die_before_they_take_it_is_given_up(
    owner: Person, redis_url: str
) -> None:
    campaign = submitted(owner)
    job = campaigns.get(owner, campaign).job_id
    with redis.Redis.from_url(redis_url) as client:
        for attempt in range(5):
            assert not campaigns.get(owner, campaign).status.is_final
            assert client.lpop("rq:queue:campaigns") == f"c-{job}-{attempt}".encode()
            reconciler.taken_back(job, attempt)
    view = campaigns.get(owner, campaign)
    assert (view.status, "interrupted 5 times" in str(view.outcome_reason)) == (CampaignStatus.FAILED, True)


def test_a_campaign_handed_over_when_its_time_was_over_keeps_what_it_found(
    owner: Person, database: Database
) -> None:
    campaign = submitted(owner)
    lease = claimed(owner, campaign)
    store_leads(lease, [lead(1)])
    with transaction(Role.WORKER, lease=lease) as conn:
        leases.hand_over(conn, lease)
    superuser(
        database, "update discovery_jobs set wake_at = '-infinity', started_at = now() - interval '2 hours'"
    )
    reconciler.tick()
    view = campaigns.get(owner, campaign)
    assert (view.status, view.lead_count) == (CampaignStatus.PARTIAL, 1)
    assert "No worker" not in str(view.outcome_reason)


def test_a_stop_that_comes_in_a_bad_moment_is_not_forgotten(redis_url: str) -> None:
    """The exception RQ stops an idle worker with may come during a destructor, where Python drops it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with redis.Redis.from_url(redis_url) as client:
        idle = CampaignWorker(["campaigns"], connection=client, serializer="json")
        idle.stop = Stop()
        try:
            with pytest.raises(StopRequested):
                idle.request_stop(signal.SIGTERM, None)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    assert idle._stop_requested
    # The process around RQ hears of it as well, also where RQ has ended and forgets its own flag.
    assert idle.stop.is_set()
