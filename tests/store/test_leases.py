"""One owner at a time, and nothing stale is ever written."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from jobs.campaign_ports import StoredMemory, fenced
from pipeline.campaign import CampaignStatus
from pipeline.errors import Cancelled, LeaseLost
from services import campaigns
from services.identity import Person
from store import leases, progress
from store.database import Role, transaction
from store.leases import Lease, LeaseState
from store.progress import End
from tests.support.campaigns import TODAY, business, claimed, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def lease(owner: Person) -> Lease:
    return claimed(owner, submitted(owner))


def lapse() -> None:
    with transaction(Role.SYSTEM) as conn:
        conn.execute(sa.text("update discovery_jobs set lease_until = now()"))


def claim_again(lease: Lease) -> Lease | None:
    with transaction(Role.WORKER) as conn:
        return leases.claim(conn, lease.job_id, lease.attempt, "another worker")


def test_a_held_job_is_not_claimed_twice(lease: Lease) -> None:
    assert claim_again(lease) is None


def test_a_lapsed_lease_goes_to_the_next_worker_and_fences_the_first(lease: Lease) -> None:
    lapse()
    second = claim_again(lease)
    assert second is not None
    assert second.token == lease.token + 1
    with pytest.raises(LeaseLost):
        StoredMemory(lease, TODAY).save_leads([lead(1)])
    StoredMemory(second, TODAY).save_businesses([business(1)])


def test_a_lapsed_lease_cannot_be_extended(lease: Lease) -> None:
    with transaction(Role.WORKER, lease=lease) as conn:
        assert leases.extend(conn, lease) is LeaseState.KEPT
    lapse()
    with transaction(Role.WORKER, lease=lease) as conn:
        assert leases.extend(conn, lease) is LeaseState.LOST


def test_an_old_attempt_cannot_claim(owner: Person) -> None:
    job = campaigns.get(owner, submitted(owner)).job_id
    with transaction(Role.WORKER) as conn:
        assert leases.claim(conn, job, 7, "a late worker") is None


def test_a_cancelled_job_stops_at_the_next_write(owner: Person, lease: Lease) -> None:
    campaigns.cancel(owner, lease.campaign_id)
    with pytest.raises(Cancelled), fenced(lease):
        pass


def test_the_end_is_written_once(owner: Person, lease: Lease) -> None:
    def finish(status: CampaignStatus) -> bool:
        with transaction(Role.SYSTEM) as conn:
            end = End(status=status, message="The end.")
            return progress.finish(conn, lease.workspace_id, lease.job_id, end)

    assert finish(CampaignStatus.COMPLETED)
    assert not finish(CampaignStatus.FAILED)
    assert campaigns.get(owner, lease.campaign_id).status is CampaignStatus.COMPLETED


def test_what_was_stored_comes_back_and_is_not_doubled(owner: Person, lease: Lease) -> None:
    leads = [lead(1, email="info@cafe.example.com"), lead(2)]
    memory = StoredMemory(lease, TODAY)
    assert not memory.is_discovered()
    store_leads(lease, leads)
    memory.save_leads(leads)
    assert memory.is_discovered()
    assert memory.businesses() == [item.business for item in leads]
    assert sorted(memory.leads(), key=lambda item: item.business.key) == leads
    assert campaigns.get(owner, lease.campaign_id).lead_count == 2
