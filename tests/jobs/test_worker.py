"""Worker processes: what they outlast, and what they are called."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from jobs import duties, queue, webhooks
from jobs.side_work import SideWork
from jobs.worker import CampaignWorker, Stop
from pipeline.campaign import CampaignStatus
from services import book_file_work, book_files, campaigns, catalogue, job_steering, operations
from services.book_files import FileState
from services.identity import Person
from tests.support.book_files import asked, content
from tests.support.campaigns import SPEC, finished, lead
from tests.support.people import person
from tests.support.servers import Database, rows
from tests.support.workers import eventually, worker


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    catalogue.ensure_first_fill()
    return person("owner")


@pytest.fixture
def refusing(redis_url: str) -> Iterator[redis.Redis]:
    """A Redis that answers and takes no writes, until ``maxmemory`` is 0 again."""
    with closing(redis.Redis.from_url(redis_url)) as client:
        yield client
        client.config_set("maxmemory", 0)


def test_a_redis_that_refuses_writes_for_a_while_ends_no_worker(
    owner: Person, database: Database, refusing: redis.Redis, tmp_path: Path
) -> None:
    with worker(tmp_path) as process:
        eventually(lambda: rows(database.superuser_url, "select 1 from workers"), "the worker's report")
        refusing.config_set("maxmemory", 1)
        eventually(lambda: "redis_refuses" in process.said(), "a word about the refusal")
        ordered = campaigns.submit(owner, SPEC, "while-refused")
        refusing.config_set("maxmemory", 0)
        eventually(lambda: campaigns.get(owner, ordered).status.is_final, "the end of the campaign")
        assert process.process.poll() is None
    assert campaigns.get(owner, ordered).status is CampaignStatus.COMPLETED
    assert process.process.returncode == 0


def test_a_worker_starts_and_stops_while_redis_refuses_writes(
    owner: Person, database: Database, refusing: redis.Redis, tmp_path: Path
) -> None:
    with worker(tmp_path) as process:
        eventually(lambda: rows(database.superuser_url, "select 1 from workers"), "the worker's report")
        refusing.config_set("maxmemory", 1)
        eventually(lambda: "redis_refuses" in process.said(), "a word about the refusal")
    assert process.process.returncode == 0


def test_a_worker_makes_files_beside_its_campaigns(owner: Person, database: Database, tmp_path: Path) -> None:
    finished(owner, [lead(1), lead(2)])
    file_id = asked(owner)
    with worker(tmp_path):
        eventually(lambda: book_files.one(owner, file_id).state is FileState.READY, "the file")
        done = "select name from duties where ended_at is not null and name in ('files', 'reconcile', 'sums')"
        eventually(lambda: len(rows(database.superuser_url, done)) == 3, "what is done regularly")
    assert content(owner, file_id).count(b"Cafe 00") == 2


def test_a_paused_queue_is_left_alone_until_it_goes_on_and_so_it_is_by_a_worker_that_rests(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    boss = person("boss", is_admin=True)
    job_steering.pause(boss, wanted=True)
    last, first = (campaigns.submit(owner, SPEC, key) for key in ("last", "first"))
    with worker(tmp_path):
        # Everything else goes on.
        eventually(
            lambda: rows(
                database.superuser_url, "select 1 from duties where name = 'sums' and ended_at is not null"
            ),
            "what is done regularly",
        )
        (running,) = operations.workers(boss)
        assert running.memory_bytes is not None
        assert {campaigns.get(owner, each).status for each in (first, last)} == {CampaignStatus.PENDING}
        job_steering.run_next(boss, campaigns.get(owner, first).job_id)
        job_steering.rest(boss, running.name, wanted=True)
        job_steering.pause(boss, wanted=False)
        eventually(lambda: operations.workers(boss)[0].rests, "a worker that rests")
        assert campaigns.get(owner, first).status is CampaignStatus.PENDING
        job_steering.rest(boss, running.name, wanted=False)
        eventually(lambda: campaigns.get(owner, last).status.is_final, "the end of both")
        began = [campaigns.get(owner, each).started_at for each in (first, last)]
    assert began == sorted(began, key=str)


def test_no_two_starts_have_the_same_name(owner: Person, database: Database, tmp_path: Path) -> None:
    """Containers often have one host name and one process id each."""
    with worker(tmp_path), worker(tmp_path):
        named = "select right(name, 12) from workers"
        eventually(lambda: len(rows(database.superuser_url, named)) == 2, "both reports")
        found = rows(database.superuser_url, named)
        ordered = campaigns.submit(owner, SPEC, "whose")
        eventually(lambda: campaigns.get(owner, ordered).status.is_final, "the end of the campaign")
        owners = rows(database.superuser_url, "select right(lease_owner, 12) from discovery_jobs")
    assert len(set(found)) == 2
    assert set(owners) <= set(found)


def test_a_campaign_on_an_empty_catalogue_says_so_and_what_fills_it(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    owner = person("owner")
    with worker(tmp_path) as process:
        ordered = campaigns.submit(owner, SPEC, "empty")
        eventually(lambda: campaigns.get(owner, ordered).status.is_final, "the end of the campaign")
        assert "manage.py prepare" in process.said()
    view = campaigns.get(owner, ordered)
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 0)
    assert "catalogue of open data is empty" in (view.notice or "")
    assert "manage.py prepare" in (view.notice or "")


def test_an_idle_worker_opens_one_connection_at_each_look(database: Database, redis_url: str) -> None:
    list(duties.run_due())
    files = SideWork(name="files", are_due=book_file_work.are_due, run_due=book_file_work.run_due)
    hooks = SideWork(name="webhooks", are_due=webhooks.are_due, run_due=webhooks.send_due)
    idle = CampaignWorker([queue.QUEUE], connection=queue.connect(), name="idle", serializer="json")
    idle.sides = (files, hooks)
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        conn.autocommit = True

        def found(query: str) -> list[tuple[object, ...]]:
            cursor.execute(query)
            return [*cursor.fetchall()]

        def opened() -> int:
            """Connections so far; each is counted before it is gone."""
            of_system = "from pg_stat_activity where usename = 'pp_system' and datname = current_database()"
            eventually(lambda: not found(f"select {of_system}"), "the end of those of the system")
            ((number,),) = found("select sessions from pg_stat_database where datname = current_database()")
            return int(str(number))

        before = opened()
        idle.heartbeat()
        assert (opened() - before, found("select name from workers")) == (1, [("idle",)])


def test_a_worker_asked_to_stop_before_it_listens_stops(database: Database, redis_url: str) -> None:
    """A signal may come after the last look at it and before RQ's own handlers are there."""
    made = CampaignWorker([queue.QUEUE], connection=queue.connect(), name="a worker", serializer="json")
    made.stop = Stop()
    made.stop.set()
    process = multiprocessing.get_context("fork").Process(target=made.work)
    process.start()
    try:
        eventually(lambda: not process.is_alive(), "the worker goes on")
        assert process.exitcode == 0
    finally:
        process.kill()
