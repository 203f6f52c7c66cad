"""What two do at the same moment: the second one sees what the first one did, though it looked before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from decimal import Decimal

import pytest

from jobs import reconciler
from pipeline.campaign import CampaignStatus
from services import bulk_continuing, bulk_orders, campaigns, continuing, operations
from services.errors import Conflict
from services.identity import Person
from store import bulk_steering, forgetting, jobs
from store.database import Role, transaction
from store.ids import new_id
from tests.support.campaigns import SPEC, claimed, end, submitted
from tests.support.interleaved import begun
from tests.support.people import person
from tests.support.servers import Database, rows

CUT_SHORT = CampaignStatus.FAILED


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def beside() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_a_campaign_that_two_let_go_on_runs_once(owner: Person, database: Database, beside: Executor) -> None:
    campaign = submitted(owner)
    end(claimed(owner, campaign), CUT_SHORT)
    job = campaigns.get(owner, campaign).job_id
    admin = person("admin", is_admin=True)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert jobs.reopen(conn, owner.workspace_id, job) == 1
        second = begun(beside, database, lambda: continuing.go_on(owner, campaign))
    second.result()
    assert rows(database.superuser_url, "select attempt from discovery_jobs") == [(1,)]
    campaigns.cancel(owner, campaign)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert jobs.reopen(conn, owner.workspace_id, job) == 2
        third = begun(beside, database, lambda: operations.retry(admin, job))
    with pytest.raises(Conflict, match="can be retried"):
        third.result()
    assert rows(database.superuser_url, "select attempt from discovery_jobs") == [(2,)]


def test_a_campaign_that_is_deleted_meanwhile_does_not_go_on(
    owner: Person, database: Database, beside: Executor
) -> None:
    campaign = submitted(owner)
    end(claimed(owner, campaign), CUT_SHORT)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert forgetting.delete_campaign(conn, campaign, "[]")
        second = begun(beside, database, lambda: continuing.go_on(owner, campaign))
    second.result()
    assert rows(database.superuser_url, "select status, attempt from discovery_jobs") == [("failed", 0)]


def test_a_bulk_order_goes_on_once_and_has_not_ended_for_who_looked_before(
    owner: Person, database: Database, beside: Executor
) -> None:
    bulk = bulk_orders.submit(owner, [SPEC], Decimal(0), str(new_id()))
    (child,) = bulk_orders.watch(owner, bulk)[1]
    end(claimed(owner, child.id), CUT_SHORT)
    job = campaigns.get(owner, child.id).job_id
    with transaction(Role.WEB, proof=owner.proof) as conn:
        bulk_steering.resume(conn, owner.workspace_id, bulk)
        jobs.reopen(conn, owner.workspace_id, job)
        bulk_steering.hold(conn, owner.workspace_id, job)
        begun(beside, database, reconciler.tick)
        conn.commit()
    reconciler.tick()
    assert rows(database.superuser_url, "select status, wake_at < 'infinity' from discovery_jobs") == [
        ("pending", True)
    ]
    assert not rows(database.superuser_url, "select 1 from bulk_orders where ended_at is not null")


def test_two_who_let_a_bulk_order_go_on_raise_its_cap_once(
    owner: Person, database: Database, beside: Executor
) -> None:
    spec = SPEC.model_copy(update={"budget_usd": Decimal(1)})
    bulk = bulk_orders.submit(owner, [spec], Decimal(1), str(new_id()))
    (child,) = bulk_orders.watch(owner, bulk)[1]
    end(claimed(owner, child.id), CUT_SHORT)
    job = campaigns.get(owner, child.id).job_id
    with transaction(Role.WEB, proof=owner.proof) as conn:
        jobs.reopen(conn, owner.workspace_id, job)
        second = begun(beside, database, lambda: bulk_continuing.go_on(owner, bulk, Decimal(1), "further"))
    with pytest.raises(Conflict, match="not ended"):
        second.result()
    assert bulk_orders.get(owner, bulk).cap_micros == 1_000_000
