"""A backup taken while campaigns run and money is in flight, brought back elsewhere, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from psycopg2 import sql

import settings
from pipeline.campaign import CampaignStatus
from services import campaigns
from store import database as store_database
from store.ids import new_id
from tests.support import terminal
from tests.support.campaigns import SPEC
from tests.support.drill import POTTERIES
from tests.support.invariants import violations
from tests.support.people import person
from tests.support.providers import Providers, providers
from tests.support.schema_dump import FILE, schema_text
from tests.support.servers import Database, execute, rows
from tests.support.worker_pool import worker_pool
from tests.support.workers import eventually, worker

PASSPHRASE = "a passphrase of sixteen or more"
ORDER = POTTERIES.model_copy(update={"max_results": 30})
SLOW = {"operation": "domain_search", "kind": "delay", "delay_s": 0.7}


@pytest.fixture
def stand_in(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providers]:
    with providers("--synthetic", "200", "--no-limited", "--job-s", "0.2") as running:
        for name, value in {
            **running.settings(),
            "LEASE_S": "2",
            "DATABASE_URL_BACKUP": database.superuser_url,
        }.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        yield running


@pytest.fixture
def elsewhere(database: Database) -> Iterator[Database]:
    """An empty database beside it."""
    name = "restored"
    execute(database.server, sql.SQL("create database restored owner pp_owner template template0"))
    try:
        yield Database(database.server, name)
    finally:
        execute(database.server, sql.SQL("drop database restored with (force)"))


def sums(url: str) -> list[tuple[object, ...]]:
    """What campaigns came to, by their rows and by their calls."""
    return rows(
        url,
        "select c.id, c.spent_micros, c.uncertain_micros, c.reserved_micros, count(p.key), sum(p.cost_micros)"
        " from campaigns c join provider_calls p on p.campaign_id = c.id group by 1, 2, 3, 4 order by 1",
    )


def test_a_backup_of_a_running_queue_goes_on_elsewhere_and_pays_nothing_twice(
    stand_in: Providers,
    database: Database,
    elsewhere: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = person("owner")
    stand_in.order_faults(SLOW)
    file, phrase = tmp_path / "all.backup", tmp_path / "passphrase"
    phrase.write_text(PASSPHRASE + "\n")
    with worker(tmp_path) as first:
        ordered = [campaigns.submit(owner, spec, str(new_id())) for spec in (ORDER, SPEC)]
        in_flight = "select count(*) > 5 from provider_calls where state = 'intent'"
        eventually(lambda: rows(database.superuser_url, in_flight) == [(True,)], "calls in flight")
        # Nothing is sent after the moment of the backup: what is, stands on invoices alone.
        for process in [*first.horses(), psutil.Process(first.process.pid)]:
            process.suspend()
        taken = terminal.manage("backup", str(file), "--passphrase-file", str(phrase))
        assert taken.returncode == 0, taken.stderr
        first.kill()
    before = sums(database.superuser_url)
    assert b"owner@example.com" not in file.read_bytes()
    assert oct(file.stat().st_mode & 0o777) == "0o600"

    monkeypatch.setenv("DATABASE_URL", elsewhere.owner_url)
    done = terminal.manage("restore", str(file), "--passphrase-file", str(phrase))
    assert done.returncode == 0, done.stderr
    assert schema_text(database.server, elsewhere.name) == FILE.read_text()
    assert sums(elsewhere.superuser_url) == before
    stand_in.order_faults()
    settings.get.cache_clear()
    store_database.dispose()
    with worker_pool(tmp_path, 1):
        eventually(lambda: all(campaigns.get(owner, each).status.is_final for each in ordered), "the ends")
    assert {campaigns.get(owner, campaign).status for campaign in ordered} <= {
        CampaignStatus.COMPLETED,
        CampaignStatus.PARTIAL,
    }
    assert violations(elsewhere.superuser_url, stand_in.bill(), kills=1) == []
