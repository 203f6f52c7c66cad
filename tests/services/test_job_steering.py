"""Everybody's jobs: found among many without reading many, steered one by one or all that match."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from jobs import reconciler
from pipeline.campaign import CampaignStatus
from services import auditing, campaigns, job_detail, job_steering, operations
from services.auditing import AuditWhere
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.job_steering import Act
from services.operations import EVERY_JOB, JobRow, JobSort, JobWhere
from store import leases
from store.database import Role, transaction
from store.progress import End
from tests.pages.stored import ended
from tests.support.campaigns import PAID, claimed, end, finished, lead, spent, store_leads, submitted
from tests.support.copies import multiplied
from tests.support.people import person
from tests.support.servers import Database, change, rows

FAILED = End(status=CampaignStatus.FAILED, message="Ended.", reason="Sorry.", error="The source was away.")


@pytest.fixture
def owner(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("HUNTER_IO_API_KEY", "a key")
    return person("owner")


@pytest.fixture
def admin(owner: Person) -> Person:
    return person("admin", is_admin=True)


def test_jobs_are_found_by_whatever_is_known_of_them(owner: Person, admin: Person) -> None:
    failed, waiting = ended(owner, [], FAILED), submitted(admin)
    lease = claimed(owner, submitted(owner, PAID.model_copy(update={"waterfall": ("hunter",)})))
    store_leads(lease, [lead(1)])
    spent(lease, "one.test", 24_500)
    end(lease)
    paid = lease.campaign_id
    wanted = {
        JobWhere(status=CampaignStatus.FAILED): [failed],
        JobWhere(person="OWNER@"): [paid, failed],
        JobWhere(workspace="admin"): [waiting],
        JobWhere(provider="hunter"): [paid],
        JobWhere(cause="The source was away."): [failed],
        JobWhere(text="source was"): [failed],
        JobWhere(text="cafe in"): [paid, waiting],
        JobWhere(text=str(lease.job_id)): [paid],
        JobWhere(person="owner", status=CampaignStatus.PENDING): [],
    }
    found = {where: [job.campaign_id for job in operations.jobs(admin, where).rows] for where in wanted}
    assert found == wanted
    assert operations.job_counts(admin, JobWhere(person="owner"))[CampaignStatus.PENDING] == 0
    # Counts are of every state, whichever is chosen.
    counts = operations.job_counts(admin, JobWhere(status=CampaignStatus.FAILED))
    assert (counts[CampaignStatus.PENDING], counts[CampaignStatus.FAILED]) == (1, 1)
    (cause,) = operations.failures(admin)
    assert (cause.cause, cause.jobs) == ("The source was away.", 1)


@contextmanager
def explained() -> Iterator[list[dict[str, Any]]]:
    """The plans, as they were carried out, of what is asked while this lasts."""
    plans: list[dict[str, Any]] = []

    def explain(_: object, cursor: Any, statement: str, parameters: Any, *__: object) -> None:  # noqa: ANN401
        if "key" in statement and "discovery_jobs" in statement:
            cursor.execute(f"explain (analyze, format json) {statement}", parameters)
            ((found,),) = cursor.fetchall()
            plans.append((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


def rows_read(plan: dict[str, Any]) -> int:
    """Of tables, in all loops, those that were left out included."""
    below = sum(rows_read(part) for part in plan.get("Plans", []))
    if "Relation Name" not in plan:
        return below
    return below + int((plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"])


# A page of twenty among many jobs reads little more than itself, wherever in the list it is: a job, its campaign, its
# owner and its workspace.
_JOBS, _PAGE, _READ = 20_000, 20, 200


def test_a_page_reads_little_more_than_itself_in_every_order(
    owner: Person, admin: Person, database: Database
) -> None:
    done = finished(owner, [lead(1)])
    multiplied(
        database,
        "campaigns",
        _JOBS,
        f"id = '{done}'",
        title="'Campaign ' || k.n",
        created_at="o.created_at - k.n * interval '1 second'",
        ended_at="o.ended_at - k.n * interval '1 second'",
        spent_micros="0",
    )
    change(
        database.superuser_url,
        "set session_replication_role = replica; insert into discovery_jobs (workspace_id, id, campaign_id, status,"
        " created_at, started_at, ended_at) select workspace_id, gen_random_uuid(), id, status, created_at, created_at,"
        f" ended_at from campaigns where id <> '{done}'; analyze",
    )
    for sort in JobSort:
        with explained() as plans:
            first = operations.jobs(admin, EVERY_JOB, sort, limit=_PAGE)
            second = operations.jobs(admin, EVERY_JOB, sort, first.next_cursor, limit=_PAGE)
        assert [rows_read(plan) for plan in plans if rows_read(plan) > _READ] == [], sort
        assert len(plans) == 2
        ids = [job.job_id for job in (*first.rows, *second.rows)]
        assert len(set(ids)) == 2 * _PAGE
    counts = operations.job_counts(admin)
    assert counts[CampaignStatus.COMPLETED] == operations.MOST_COUNTED + 1
    with pytest.raises(Invalid, match="At most 1,000 jobs"):
        job_steering.matching(admin, Act.DELETE, EVERY_JOB, None)


def test_jobs_stand_by_owner_and_by_state_page_by_page(owner: Person, admin: Person) -> None:
    for _ in range(3):
        submitted(admin)
    failed = ended(owner, [], FAILED)
    running = claimed(owner, submitted(owner)).campaign_id
    waiting = submitted(owner)
    for sort in (JobSort.OWNER, JobSort.STATE):
        found: list[JobRow] = []
        cursor: str | None = None
        while not found or cursor:
            page = operations.jobs(admin, EVERY_JOB, sort, cursor, limit=2)
            found, cursor = [*found, *page.rows], page.next_cursor
        if sort is JobSort.OWNER:
            assert [job.owner_email for job in found] == ["admin@example.com"] * 3 + ["owner@example.com"] * 3
            # The newest of each first.
            assert [job.campaign_id for job in found[3:]] == [waiting, running, failed]
        else:
            assert [job.status.value for job in found] == ["processing", *["pending"] * 4, "failed"]
            assert found[1].campaign_id == waiting
    mine = operations.jobs(admin, JobWhere(status=CampaignStatus.PENDING, person="owner"), JobSort.OWNER)
    assert [job.campaign_id for job in mine.rows] == [waiting]


@pytest.mark.parametrize("cursor", ["", "nonsense", "WyJhIiwgImIiXQ", "x" * 2000])
def test_a_cursor_that_is_none_begins_at_the_top(owner: Person, admin: Person, cursor: str) -> None:
    waiting = submitted(owner)
    for sort in JobSort:
        if sort.only_ended:
            continue
        assert [job.campaign_id for job in operations.jobs(admin, EVERY_JOB, sort, cursor).rows] == [waiting]


def test_what_is_done_with_many_is_done_with_those_it_can_be_done_with(owner: Person, admin: Person) -> None:
    failed, waiting, done = ended(owner, [], FAILED), submitted(owner), finished(owner, [lead(1)])
    jobs = {each: campaigns.get(owner, each).job_id for each in (failed, waiting, done)}
    every = list(jobs.values())
    assert job_steering.matching(admin, Act.RETRY, EVERY_JOB, every) == (jobs[failed],)
    assert job_steering.matching(admin, Act.CANCEL, EVERY_JOB, None) == (jobs[waiting],)
    assert set(job_steering.matching(admin, Act.DELETE, EVERY_JOB, None)) == {jobs[failed], jobs[done]}
    # One that changed its state meanwhile is left alone.
    assert job_steering.carry_out(admin, Act.RETRY, every) == 1
    assert campaigns.get(owner, failed).status is CampaignStatus.PENDING
    with pytest.raises(Conflict, match="has not ended"):
        job_steering.delete_job(admin, jobs[waiting])
    assert job_steering.carry_out(admin, Act.DELETE, every) == 1
    with pytest.raises(NotFound):
        campaigns.get(owner, done)
    (noted,) = auditing.listing(admin, AuditWhere(action="campaign_deleted")).rows
    assert (noted.actor, noted.target_id) == ("admin@example.com", done)


def test_a_deleted_job_leaves_what_it_cost_and_nothing_of_its_leads(
    owner: Person, admin: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, PAID.model_copy(update={"waterfall": ("hunter",)})))
    store_leads(lease, [lead(1, email="info@canary.example.com")])
    spent(lease, "canary.example.com", 24_500)
    end(lease)
    job_steering.delete_job(admin, lease.job_id)
    left = "select (select count(*) from leads), (select sum(cost_micros)::int from provider_calls)"
    assert rows(database.superuser_url, left) == [(0, 24_500)]
    for table in ("provider_calls", "campaigns", "discovery_jobs", "job_events"):
        said = rows(database.superuser_url, f"select 1 from {table} t where t::text like '%canary%'")
        assert said == [], table
    assert operations.jobs(admin).rows == ()


def test_a_look_into_a_job_tells_what_happened_and_is_recorded(owner: Person, admin: Person) -> None:
    lease = claimed(owner, submitted(owner, PAID.model_copy(update={"waterfall": ("hunter",)})))
    store_leads(lease, [lead(1)])
    spent(lease, "one.test", 24_500)
    end(lease, CampaignStatus.FAILED)
    detail = job_detail.look(admin, lease.job_id)
    assert [(calls.provider, calls.calls, calls.cost_micros) for calls in detail.story.calls] == [
        ("hunter", 1, 24_500)
    ]
    (call,) = detail.calls
    assert (call.operation, call.state, call.http_status, call.cost_micros) == (
        "domain_search",
        "done",
        200,
        24_500,
    )
    assert call.took_ms is not None
    assert detail.next_cursor is None
    (attempt,) = detail.story.attempts
    assert (attempt.attempt, attempt.worker, attempt.ended_as) == (1, "a worker", "failed")
    assert "Enriched." in [moment.message for moment in detail.story.moments]
    assert [row.stage.value for row in detail.stages][-1] == "enriching_contacts"
    assert all(row.seconds is not None for row in detail.stages)
    assert not detail.is_own
    job_detail.opened(admin, lease.job_id)
    own = submitted(admin)
    job_detail.opened(admin, campaigns.get(admin, own).job_id)
    (noted,) = auditing.listing(admin, AuditWhere(action="job_looked_into")).rows
    assert (noted.target_id, noted.workspace_id) == (lease.job_id, owner.workspace_id)


def test_only_a_waiting_job_is_put_first(owner: Person, admin: Person) -> None:
    done = campaigns.get(owner, finished(owner, [lead(1)])).job_id
    with pytest.raises(Conflict, match="does not wait"):
        job_steering.run_next(admin, done)
    with pytest.raises(NotFound):
        job_steering.rest(admin, "nobody", wanted=True)


def test_every_call_of_a_job_is_reached_page_by_page(owner: Person, admin: Person) -> None:
    lease = claimed(owner, submitted(owner, PAID.model_copy(update={"waterfall": ("hunter",)})))
    for number in range(60):
        spent(lease, f"site-{number}.test", 1_000)
    first = job_detail.look(admin, lease.job_id)
    second = job_detail.look(admin, lease.job_id, first.next_cursor)
    assert (len(first.calls), len(second.calls), second.next_cursor) == (50, 10, None)
    assert len({call.id for call in (*first.calls, *second.calls)}) == 60
    assert first.calls[-1].at >= second.calls[0].at
    # What is no cursor begins at the top.
    assert job_detail.look(admin, lease.job_id, "'").calls == first.calls


def test_each_attempt_says_how_it_ended(owner: Person, admin: Person, database: Database) -> None:
    lease = claimed(owner, submitted(owner))
    with transaction(Role.WORKER, lease=lease) as conn:
        leases.hand_over(conn, lease)
    with transaction(Role.WORKER) as conn:
        assert leases.claim(conn, lease.job_id, 0, "another worker") is not None
    change(database.superuser_url, "update discovery_jobs set lease_until = now()")
    reconciler.tick()
    with transaction(Role.WORKER) as conn:
        taken = leases.claim(conn, lease.job_id, 1, "another worker")
    assert taken is not None
    assert [
        (row.attempt, row.worker, row.ended_as) for row in job_detail.look(admin, lease.job_id).story.attempts
    ] == [(1, "a worker", "handed_over"), (1, "another worker", "interrupted"), (2, "another worker", None)]
    end(taken, CampaignStatus.PARTIAL)
    assert job_detail.look(admin, lease.job_id).story.attempts[-1].ended_as == "partial"
    campaigns.delete(owner, lease.campaign_id)
    assert rows(database.superuser_url, "select count(*) from job_attempts") == [(0,)]
