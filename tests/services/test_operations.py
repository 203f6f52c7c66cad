"""What administrators see and do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pipeline.campaign import CampaignStatus
from services import campaigns, operations
from services.errors import Conflict, NotFound
from services.identity import Person
from services.operations import JobWhere
from store import workers
from store.database import Role, transaction
from store.ids import new_id
from tests.support.campaigns import claimed, finished, lead, submitted
from tests.support.people import person
from tests.support.servers import Database


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def admin(owner: Person) -> Person:
    return person("admin", is_admin=True)


def test_all_jobs_are_listed_and_counted(owner: Person, admin: Person) -> None:
    done, waiting = finished(owner, [lead(1)]), submitted(admin)
    listed = operations.jobs(admin).rows
    assert [job.campaign_id for job in listed] == [waiting, done]
    assert listed[1].owner_email == "owner@example.com"
    counts = operations.job_counts(admin)
    assert (counts[CampaignStatus.PENDING], counts[CampaignStatus.COMPLETED]) == (1, 1)
    assert [
        job.campaign_id for job in operations.jobs(admin, JobWhere(status=CampaignStatus.PENDING)).rows
    ] == [waiting]


def test_stopping_and_retrying_somebody_elses_job_is_audited(owner: Person, admin: Person) -> None:
    campaign = submitted(owner)
    job = operations.jobs(admin).rows[0].job_id
    operations.cancel_job(admin, job)
    stopped = campaigns.get(owner, campaign)
    assert stopped.status is CampaignStatus.CANCELLED
    assert "administrator" in (stopped.outcome_reason or "")
    with pytest.raises(Conflict, match="already ended"):
        operations.cancel_job(admin, job)
    operations.retry(admin, job)
    assert campaigns.get(owner, campaign).status is CampaignStatus.PENDING
    with pytest.raises(Conflict, match="Only a failed"):
        operations.retry(admin, job)
    with transaction(Role.ADMIN, proof=admin.proof) as conn:
        actions = (
            conn.execute(sa.text("select action from audit_log where action like 'job%' order by id"))
            .scalars()
            .all()
        )
    assert actions == ["job_cancelled", "job_retried"]


def test_an_unknown_job_is_not_found(admin: Person) -> None:
    with pytest.raises(NotFound):
        operations.retry(admin, new_id())


def test_workers_are_idle_busy_or_gone(owner: Person, admin: Person) -> None:
    claimed(owner, submitted(owner))
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a worker", 1, "host")
        workers.report(conn, "an idle one", 2, "host")
        workers.report(conn, "a lost one", 3, "host")
        conn.execute(sa.text("update workers set seen_at = now() - interval '1 minute' where pid = 3"))
    states = {row.name: (row.state, row.job_title) for row in operations.workers(admin)}
    assert states == {
        "a worker": ("busy", "cafe in Helsinki"),
        "an idle one": ("idle", None),
        "a lost one": ("gone", None),
    }


def test_the_last_jobs_of_a_worker_are_told(owner: Person, admin: Person) -> None:
    done = finished(owner, [lead(1)])
    running = claimed(owner, submitted(owner)).campaign_id
    submitted(owner)
    assert [job.campaign_id for job in operations.worker_jobs(admin, "a worker")] == [running, done]
    assert operations.worker_jobs(admin, "another worker") == ()
