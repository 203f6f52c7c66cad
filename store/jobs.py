"""Jobs seen from outside: cancelling, retrying, and what the reconciler finds overdue."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import settings
from pipeline.campaign import CampaignStatus
from store import progress

MAX_ATTEMPTS = 5
SUMS_DIFFER = "The sums do not follow from the calls."
"""What administrators see at a job when a check found that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """A job that nobody runs and that should run. ``is_promised``: its wake-up was not sent yet."""

    workspace_id: UUID
    job_id: UUID
    attempt: int
    was_running: bool
    has_started: bool
    cancel_requested: bool
    out_of_time: bool
    is_promised: bool


def request_cancel(conn: Connection, workspace_id: UUID, job_id: UUID) -> bool:
    """Ask a job to stop. True when a worker runs it now and will stop by itself."""
    row = conn.execute(
        sa.text("""
            update discovery_jobs
            set cancel_requested_at = coalesce(cancel_requested_at, now())
            where workspace_id = :workspace and id = :job and status in ('pending', 'processing')
            returning coalesce(lease_until > now(), false) as running
        """),
        {"workspace": workspace_id, "job": job_id},
    ).one_or_none()
    return row is not None and row.running


def overdue(conn: Connection) -> list[OpenJob]:
    """Jobs whose lease ran out, and waiting ones whose wake-up was sent, as nobody took them for as long as a lease;
    locked for the caller."""
    rows = conn.execute(
        sa.text("""
            select workspace_id, id as job_id, attempt, status = 'processing' as was_running,
                started_at is not null as has_started, cancel_requested_at is not null as cancel_requested,
                case when started_at is null then wake_first_at < now() - make_interval(hours => :hours)
                    else started_at < now() - make_interval(mins => :minutes) end as out_of_time,
                exists (
                    select
                    from outbox o
                    where o.workspace_id = j.workspace_id
                        and o.job_id = j.id
                        and o.kind = 'run_campaign'
                        and o.sent_at is null
                ) as is_promised
            from discovery_jobs j
            where (status = 'processing' and coalesce(lease_until, '-infinity') < now())
                or (status = 'pending' and wake_at < now() - make_interval(secs => :overdue))
            order by created_at
            limit 100
            for no key update skip locked
        """),
        {
            "overdue": settings.get().lease_s,
            "hours": settings.get().waiting_hours,
            "minutes": settings.get().campaign_minutes,
        },
    )
    return [OpenJob(**row._mapping) for row in rows]


def release(conn: Connection, job_id: UUID, attempt: int) -> None:
    """End the lease of an attempt whose process is dead, or its wake-up when it died before it took one: then the
    failure is counted here, as nobody will see that it ran."""
    conn.execute(
        sa.text("""
            update discovery_jobs
            set lease_until = case when lease_until > now() then now() else lease_until end,
                wake_at = '-infinity', failures = failures + (status = 'pending')::int
            where id = :job and attempt = :attempt and status in ('pending', 'processing')
        """),
        {"job": job_id, "attempt": attempt},
    )


def next_attempt(conn: Connection, job: OpenJob) -> int:
    """Put the job back in line under a new attempt number; a run that died counts as a failure, once."""
    row = conn.execute(
        sa.text("""
            update discovery_jobs
            set status = 'pending', attempt = attempt + 1, wake_at = now(), lease_until = null,
                lease_token = lease_token + 1, failures = failures + :failed
            where workspace_id = :workspace and id = :job
            returning attempt
        """),
        {"workspace": job.workspace_id, "job": job.job_id, "failed": int(job.was_running)},
    ).one()
    return int(row.attempt)


def keep_waiting(conn: Connection, job: OpenJob) -> None:
    """It waits in line as it should: look at it again after another lease's time."""
    conn.execute(
        sa.text("update discovery_jobs set wake_at = now() where workspace_id = :workspace and id = :job"),
        {"workspace": job.workspace_id, "job": job.job_id},
    )


def failures(conn: Connection, job: OpenJob) -> int:
    """How many times a worker died or stopped while it ran this job."""
    return int(
        conn.execute(
            sa.text("select failures from discovery_jobs where workspace_id = :workspace and id = :job"),
            {"workspace": job.workspace_id, "job": job.job_id},
        ).scalar_one()
    )


def mark_problem(conn: Connection, campaign_id: UUID, problem: str) -> None:
    """Show administrators that something is wrong with the campaign's job."""
    conn.execute(
        sa.text("update discovery_jobs set error = :problem where campaign_id = :campaign"),
        {"problem": problem, "campaign": campaign_id},
    )


def find(conn: Connection, job_id: UUID) -> tuple[UUID, CampaignStatus] | None:
    """The workspace and state of a job, for whoever may see it."""
    row = conn.execute(
        sa.text("select workspace_id, status from discovery_jobs where id = :job"), {"job": job_id}
    ).one_or_none()
    return None if row is None else (row.workspace_id, CampaignStatus(row.status))


def reopen(conn: Connection, workspace_id: UUID, job_id: UUID) -> int | None:
    """Put an ended job back in line with what it already stored; returns the new attempt, None when somebody else did
    so first, or deleted its campaign.

    Its progress begins anew: it is that of a run, and what is stored is passed at once.
    """
    if not _holds_ended(conn, workspace_id, job_id):
        return None
    row = conn.execute(
        sa.text("""
            update discovery_jobs
            set status = 'pending', attempt = attempt + 1, failures = 0, error = null, ended_at = null,
                cancel_requested_at = null, wake_at = now(), wake_first_at = now(), started_at = null,
                lease_until = null, progress = 0, current_stage = 'initializing'
            where workspace_id = :workspace and id = :job
            returning attempt, campaign_id
        """),
        {"workspace": workspace_id, "job": job_id},
    ).one()
    conn.execute(
        sa.text("""
            update campaigns
            set status = 'pending', outcome_reason = null, outcome_cause = null, notice = null,
                suspicion = null, ended_at = null
            where workspace_id = :workspace and id = :campaign
        """),
        {"workspace": workspace_id, "campaign": row.campaign_id},
    )
    progress.note(conn, workspace_id, job_id, "In line again, to do what was left undone.")
    return int(row.attempt)


def _holds_ended(conn: Connection, workspace_id: UUID, job_id: UUID) -> bool:
    """Keep the campaign of a job as it is until the transaction ends; False unless it has ended and is there."""
    row = conn.execute(
        sa.text("""
            select c.id
            from campaigns c
            join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
            where j.workspace_id = :workspace and j.id = :job and c.ended_at is not null and c.deleted_at is null
            for no key update of c
        """),
        {"workspace": workspace_id, "job": job_id},
    ).one_or_none()
    return row is not None


def campaign_of(conn: Connection, workspace_id: UUID, job_id: UUID) -> UUID | None:
    """The campaign that a job of the workspace runs."""
    found: UUID | None = conn.execute(
        sa.text("select campaign_id from discovery_jobs where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": job_id},
    ).scalar_one_or_none()
    return found
