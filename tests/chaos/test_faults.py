"""Frozen, drained, cut off, forgotten, cancelled: what else happens to a campaign, and that the promises hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psutil
import pytest
import redis

import settings
from jobs import reconciler
from pipeline.campaign import CampaignStatus
from services import campaigns
from services.identity import Person
from store.ids import new_id
from tests.support.campaigns import claimed as claim
from tests.support.campaigns import lead, store_leads, submitted
from tests.support.drill import POTTERIES
from tests.support.invariants import violations
from tests.support.providers import Providers
from tests.support.servers import Database, change, rows
from tests.support.worker_pool import worker_pool
from tests.support.workers import WorkerProcess, eventually, is_horse, worker

SLOW = {"operation": "domain_search", "kind": "delay", "delay_s": 0.7}


def ended(owner: Person, campaign: UUID) -> CampaignStatus:
    eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    return campaigns.get(owner, campaign).status


def calls(database: Database, where: str) -> int:
    ((number,),) = rows(database.superuser_url, f"select count(*) from provider_calls where {where}")
    return int(str(number))


def test_a_frozen_run_that_wakes_up_finds_itself_replaced(
    owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    stand_in.order_faults(SLOW)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with worker(tmp_path / "one") as first:
        campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
        eventually(lambda: calls(database, "state = 'intent'") > 5, "calls in flight")
        (horse,) = first.horses()
        first.process.send_signal(signal.SIGSTOP)
        eventually(lambda: suspended_between_transactions(horse, database), "a moment between transactions")
        with worker(tmp_path / "two"):
            assert ended(owner, campaign) is CampaignStatus.COMPLETED
            first.wake()
            eventually(lambda: is_over(horse), "its end")
    assert "lease_lost" in first.said()
    assert violations(database.superuser_url, stand_in.bill(), kills=1) == []


def suspended_between_transactions(run: psutil.Process, database: Database) -> bool:
    """Freeze it; in the middle of a transaction Postgres would cut it off, which is another drill."""
    run.suspend()
    query = (
        "select 1 from pg_stat_activity where datname = current_database()"
        " and usename = 'pp_worker' and state <> 'idle'"
    )
    if not rows(database.superuser_url, query):
        return True
    run.resume()
    return False


def is_over(process: psutil.Process) -> bool:
    """Whether it has ended; it may vanish while it is looked at."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("moment", ["progress.committing:3", "mend.committing:1"])
def test_a_process_frozen_with_a_lock_in_its_hands_keeps_nobody_out(
    moment: str, owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """The run's own lock on its job, and the one that lets a single reconciler through."""
    campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
    if moment.startswith("mend"):
        forget_wake_ups(database)
    mark = tmp_path / "mark"
    with worker(tmp_path, CRASH_AT=f"{moment}:freeze:{mark}") as first:
        eventually(lambda: mark.exists() and frozen(first), f"a process frozen at {moment}")
        with worker(tmp_path):
            assert ended(owner, campaign) is CampaignStatus.COMPLETED
        assert frozen(first)
    assert violations(database.superuser_url, stand_in.bill(), kills=1) == []


def frozen(first: WorkerProcess) -> bool:
    """Whether it, or what it forked, stands still."""
    with suppress(psutil.NoSuchProcess):
        return any(
            process.status() == psutil.STATUS_STOPPED
            for process in [*first.horses(), psutil.Process(first.process.pid)]
        )
    return False


def forget_wake_ups(database: Database) -> None:
    """As if Redis had lost them a while ago."""
    change(database.superuser_url, "update discovery_jobs set wake_at = now() - interval '1 minute'")
    change(database.superuser_url, "update outbox set sent_at = null")


@pytest.mark.parametrize("operation", ["text_search", "domain_search", "jobs_create"])
def test_a_worker_asked_to_stop_leaves_nothing_uncertain(
    operation: str, owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """While it searches, looks up and verifies."""
    stand_in.order_faults({"operation": operation, "kind": "delay", "delay_s": 0.7})
    with worker(tmp_path) as first:
        campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
        in_flight = f"state = 'intent' and operation = '{operation}'"
        eventually(lambda: calls(database, in_flight) > 0, "a call in flight")
        first.stop()
    assert calls(database, "state in ('intent', 'unknown')") == 0
    with worker(tmp_path):
        assert ended(owner, campaign) is CampaignStatus.COMPLETED
    assert violations(database.superuser_url, stand_in.bill(), kills=0) == []


def test_a_worker_that_is_not_let_in_any_more_says_why_and_leaves_nothing_uncertain(
    owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """As after APP_SECRET was changed for the installation, and not for this worker. Its calls take longer than it
    takes to notice twice."""
    marked = "select shobj_description('pp_system'::regrole, 'pg_authid')"
    ((mark,),) = rows(database.superuser_url, marked)
    stand_in.order_faults({"operation": "domain_search", "kind": "delay", "delay_s": 5})
    try:
        with worker(tmp_path, LEASE_S="60") as first:
            campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
            in_flight = "state = 'intent' and operation = 'domain_search'"
            eventually(lambda: calls(database, in_flight) > 0, "a call in flight")
            change(database.superuser_url, "comment on role pp_system is 'ProspectPro of another secret'")
            eventually(lambda: first.process.poll() is not None, "the end of the worker")
    finally:
        change(database.superuser_url, f"comment on role pp_system is '{mark}'")
    assert first.process.returncode == 1
    assert first.said().strip().splitlines()[-1].startswith("APP_SECRET is not the one")
    assert calls(database, "state in ('intent', 'unknown')") == 0
    assert not campaigns.get(owner, campaign).status.is_final
    assert rows(database.superuser_url, "select 1 from workers") == []


def test_a_redis_that_forgets_everything_loses_no_campaign(
    owner: Person, stand_in: Providers, database: Database, redis_url: str, tmp_path: Path
) -> None:
    stand_in.order_faults(SLOW)
    with redis.Redis.from_url(redis_url) as client, worker_pool(tmp_path, 1):
        ordered = [campaigns.submit(owner, POTTERIES, str(new_id())) for _ in range(3)]
        eventually(lambda: calls(database, "state = 'intent'") > 5, "calls in flight")
        client.flushall()
        assert [ended(owner, campaign) for campaign in ordered] == [CampaignStatus.COMPLETED] * 3
    assert violations(database.superuser_url, stand_in.bill(), kills=0) == []


def test_connections_that_are_cut_in_the_middle_of_calls_lose_no_answer(
    owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    stand_in.order_faults(SLOW)
    with worker_pool(tmp_path, 1):
        campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
        eventually(lambda: calls(database, "state = 'intent'") > 5, "calls in flight")
        change(
            database.superuser_url,
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename = 'pp_worker'",
        )
        assert ended(owner, campaign) is CampaignStatus.COMPLETED
    assert violations(database.superuser_url, stand_in.bill(), kills=1) == []


@pytest.mark.parametrize("operation", ["text_search", "domain_search", "jobs_create"])
def test_a_cancelled_campaign_does_not_wait_for_a_provider_that_hangs(
    operation: str, owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """While it searches, looks up and verifies."""
    stand_in.order_faults({"operation": operation, "kind": "delay", "delay_s": 8})
    with worker(tmp_path):
        campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
        in_flight = f"state = 'intent' and operation = '{operation}'"
        eventually(lambda: calls(database, in_flight) > 0, "a call in flight")
        campaigns.cancel(owner, campaign)
        campaigns.cancel(owner, campaign)
        assert ended(owner, campaign) is CampaignStatus.CANCELLED
        answered = [line for line in stand_in.bill() if line["operation"] == operation]
        assert not answered, "it waited for the answers"
        # The answers that come after the end were paid for: they are kept, and what they cost is known exactly.
        eventually(lambda: calls(database, "state = 'unknown'") == 0, "the late answers")
    campaigns.cancel(owner, campaign)
    assert violations(database.superuser_url, stand_in.bill(), kills=0) == []


@pytest.mark.parametrize(("moment", "exists"), [("submit.committing:1", False), ("submit.committed:1", True)])
def test_a_server_that_dies_while_it_takes_an_order_took_it_whole_or_not_at_all(
    moment: str, exists: bool, owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        str(settings.PROJECT_ROOT / "manage.py"),
        "campaign",
        "pottery",
        "60.17, 24.94",
    ]
    options = ["--radius-km", "10", "--sources", "google_places", "--budget", "5", "--max", "3", "--user"]
    environment = {**os.environ, "CRASH_AT": f"{moment}:self:{tmp_path / 'mark'}"}
    died = subprocess.run(
        [*command, *options, owner.email], env=environment, capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    page = campaigns.list_mine(owner)
    assert len(page.rows) == exists
    with worker(tmp_path):
        for row in page.rows:
            assert ended(owner, row.id) is CampaignStatus.COMPLETED
    assert violations(database.superuser_url, stand_in.bill(), kills=1) == []


def test_a_campaign_that_runs_for_too_long_ends_with_what_it_has(
    owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    stand_in.order_faults(SLOW)
    with worker(tmp_path):
        campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
        eventually(lambda: campaigns.get(owner, campaign).lead_count > 5, "the first leads")
        change(database.superuser_url, "update discovery_jobs set started_at = now() - interval '2 hours'")
        assert ended(owner, campaign) is CampaignStatus.PARTIAL
    view = campaigns.get(owner, campaign)
    assert "60 minutes" in str(view.outcome_reason)
    assert view.lead_count > 5
    assert violations(database.superuser_url, stand_in.bill(), kills=0) == []


def test_a_campaign_no_worker_takes_ends_after_a_day(owner: Person, database: Database) -> None:
    campaign = submitted(owner)
    change(
        database.superuser_url,
        "update discovery_jobs set wake_at = now() - interval '1 hour', wake_first_at = now() - interval '25 hours'",
    )
    reconciler.tick()
    view = campaigns.get(owner, campaign)
    assert view.status is CampaignStatus.FAILED
    assert "No worker took this campaign within 24 hours" in str(view.outcome_reason)


def test_a_campaign_that_is_out_of_time_is_not_taken_up_again(owner: Person, database: Database) -> None:
    campaign = submitted(owner)
    store_leads(claim(owner, campaign), [lead(1)])
    change(
        database.superuser_url,
        "update discovery_jobs set lease_until = now(), started_at = now() - interval '2 hours'",
    )
    reconciler.tick()
    view = campaigns.get(owner, campaign)
    assert (view.status, view.lead_count) == (CampaignStatus.PARTIAL, 1)


def test_a_campaign_that_always_kills_its_worker_is_given_up_and_keeps_what_it_bought(
    owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """Others on the same worker are not held up by it."""
    stand_in.order_faults(SLOW)
    dead: set[int] = set()
    poison = campaigns.submit(owner, POTTERIES, str(new_id()))
    with worker_pool(tmp_path, 2):
        for _ in range(5):
            eventually(lambda: kill_runner_of(database, poison, dead), "a run to kill")
        assert ended(owner, poison) is CampaignStatus.FAILED
        after = campaigns.submit(
            owner, POTTERIES.model_copy(update={"budget_usd": Decimal(21)}), str(new_id())
        )
        assert ended(owner, after) is CampaignStatus.COMPLETED
    assert "interrupted 5 times" in str(campaigns.get(owner, poison).outcome_reason)
    assert violations(database.superuser_url, stand_in.bill(), kills=5) == []


def kill_runner_of(database: Database, campaign: UUID, dead: set[int]) -> bool:
    """Kill the process that holds the campaign's lease and note its token; False while nobody new does."""
    query = "select campaign_id, lease_owner, lease_token from discovery_jobs where lease_until > now()"
    killed = False
    for running, name, token in rows(database.superuser_url, query):
        if str(running) != str(campaign) or int(str(token)) in dead:
            continue
        # It may end by itself while it is looked at.
        with suppress(psutil.Error):
            for child in psutil.Process(int(str(name).split("-")[-2])).children():
                if is_horse(child):
                    child.kill()
                    dead.add(int(str(token)))
                    killed = True
    return killed
