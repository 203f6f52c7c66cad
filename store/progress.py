"""What people see of a running campaign: stage, percent, figures and the event log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignStatus, Stage
from pipeline.causes import Cause
from pipeline.ports import Metrics
from store import ledger, outbox
from store.leases import Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One line of a campaign's history with the figures as they stood."""

    at: datetime
    stage: Stage
    progress: int
    message: str | None
    metrics: dict[str, Any]
    spent_micros: int


def _figures(metrics: Metrics) -> dict[str, Any]:
    return {
        "businesses_found": metrics.businesses_found,
        "qualified_leads": metrics.qualified_leads,
        "leads_enriched": metrics.leads_enriched,
        "emails_found": metrics.emails_found,
        "emails_verified": metrics.emails_verified,
        "avg_confidence": metrics.avg_confidence,
        "avg_reach": metrics.avg_reach,
    }


def record(
    conn: Connection, lease: Lease, stage: Stage, percent: int, metrics: Metrics, message: str | None
) -> None:
    """Merge the figures, move the bar forward (never back) and add the event."""
    _merge(conn, lease, metrics)
    conn.execute(
        sa.text("""
            with moved as (
                update discovery_jobs
                set current_stage = :stage, progress = greatest(progress, :percent), updated_at = now()
                where workspace_id = :workspace and id = :job
                returning progress
            )
            insert into job_events (workspace_id, job_id, stage, progress, message, metrics)
            select :workspace, :job, :stage, moved.progress, :message,
                jsonb_build_object(
                    'businesses_found', c.businesses_found, 'qualified_leads', c.qualified_leads,
                    'leads_enriched', c.leads_enriched, 'emails_found', c.emails_found,
                    'emails_verified', c.emails_verified, 'avg_confidence', c.avg_confidence,
                    'avg_reach', c.avg_reach,
                    'spent_micros', c.spent_micros, 'saved_micros', c.saved_micros
                )
            from moved, campaigns c
            where c.workspace_id = :workspace and c.id = :campaign
        """),
        {
            "stage": stage,
            "percent": percent,
            "message": message,
            "workspace": lease.workspace_id,
            "job": lease.job_id,
            "campaign": lease.campaign_id,
        },
    )


def _merge(conn: Connection, lease: Lease, metrics: Metrics) -> None:
    """Keep the figures that are known; the others stay as they are."""
    conn.execute(
        sa.text("""
            update campaigns
            set businesses_found = coalesce(:businesses_found, businesses_found),
                qualified_leads = coalesce(:qualified_leads, qualified_leads),
                leads_enriched = coalesce(:leads_enriched, leads_enriched),
                emails_found = coalesce(:emails_found, emails_found),
                emails_verified = coalesce(:emails_verified, emails_verified),
                avg_confidence = coalesce(:avg_confidence, avg_confidence),
                avg_reach = coalesce(:avg_reach, avg_reach)
            where workspace_id = :workspace and id = :campaign
        """),
        {**_figures(metrics), "workspace": lease.workspace_id, "campaign": lease.campaign_id},
    )


def waiting(conn: Connection, lease: Lease, text: str | None) -> None:
    """Show what the campaign waits for, or that it waits no longer."""
    conn.execute(
        sa.text(
            "update discovery_jobs set waiting_for = :text where workspace_id = :workspace and id = :job"
        ),
        {"text": text, "workspace": lease.workspace_id, "job": lease.job_id},
    )


def note(conn: Connection, workspace_id: UUID, job_id: UUID, message: str) -> None:
    """Add a line to the log where the job stands now."""
    conn.execute(
        sa.text("""
            insert into job_events (workspace_id, job_id, stage, progress, message)
            select workspace_id, id, current_stage, progress, :message
            from discovery_jobs
            where workspace_id = :workspace and id = :job
        """),
        {"workspace": workspace_id, "job": job_id, "message": message},
    )


_POINTS = 400
_LINES = 1000


_HISTORY = sa.text("""
    with numbered as (
        select e.id, e.at, e.stage, e.progress, e.message, e.metrics,
            row_number() over (order by e.id desc) as place, count(*) over () as total,
            count(e.message) over (order by e.id desc) as lines
        from job_events e
        join discovery_jobs j on j.workspace_id = e.workspace_id and j.id = e.job_id
        where e.workspace_id = :workspace and j.campaign_id = :campaign
    )
    select at, stage, progress, message, metrics
    from numbered
    where (message is not null and lines <= :lines)
        or (message is null and (place - 1) % greatest(1, total / :points) = 0)
    order by id
""")
HISTORY = _HISTORY.bindparams(lines=_LINES, points=_POINTS).columns(
    at=sa.TIMESTAMP(timezone=True), stage=sa.Text, progress=sa.Integer, message=sa.Text, metrics=JSONB
)
"""A campaign's history, oldest first: its newest 1,000 lines, and of the figures between them about 400 moments
spread evenly, the last one always. A run of an hour leaves thousands, which nobody could tell apart in a chart."""


def history(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> list[EventRow]:
    """A campaign's history, as ``HISTORY`` has it."""
    rows = conn.execute(HISTORY, {"workspace": workspace_id, "campaign": campaign_id})
    return [event_of(row.at, row.stage, row.progress, row.message, row.metrics) for row in rows]


def event_of(
    at: datetime, stage: str, percent: int, message: str | None, metrics: dict[str, Any]
) -> EventRow:
    """A moment from a row of ``HISTORY``."""
    return EventRow(
        at=at,
        stage=Stage(stage),
        progress=percent,
        message=message,
        metrics=metrics,
        spent_micros=metrics.get("spent_micros", 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a job ended, for its terminal write. ``error`` is for administrators, the rest for its owner;
    ``suspicion`` says why a success is worth a look."""

    status: CampaignStatus
    message: str
    reason: str | None = None
    cause: Cause | None = None
    notice: str | None = None
    error: str | None = None
    suspicion: str | None = None
    fault: str | None = None


def finish(conn: Connection, workspace_id: UUID, job_id: UUID, end: End) -> bool:
    """Write the final state of job and campaign, once: False when it is final already.

    The caller holds the fence, or is a person or the reconciler ending a job nobody runs.
    """
    where = {"workspace": workspace_id, "job": job_id}
    still_open = conn.execute(
        sa.text("""
            select campaign_id
            from discovery_jobs
            where workspace_id = :workspace and id = :job and status in ('pending', 'processing')
            for no key update
        """),
        where,
    ).one_or_none()
    if still_open is None:
        return False
    ledger.close_open(conn, workspace_id, still_open.campaign_id)
    # Before the lease ends: without it the worker's own rows are out of its sight.
    note(conn, workspace_id, job_id, end.message)
    if end.fault:
        _keep_fault(conn, where, end.fault)
    outbox.announce_end(conn, workspace_id, job_id)
    _close(conn, where, end)
    return True


def _keep_fault(conn: Connection, where: Mapping[str, UUID], fault: str) -> None:
    conn.execute(
        sa.text("""
            update job_attempts
            set fault = :fault
            where workspace_id = :workspace and job_id = :job and ended_at is null
        """),
        {**where, "fault": fault},
    )


def _close(conn: Connection, where: Mapping[str, UUID], end: End) -> None:
    conn.execute(
        sa.text("""
            with job as (
                update discovery_jobs
                set status = :status, error = :error, ended_at = now(), updated_at = now(),
                    lease_until = null, waiting_for = null, lease_token = lease_token + 1,
                    progress = case when :status = 'completed' then 100 else progress end
                where workspace_id = :workspace and id = :job
                returning workspace_id, campaign_id
            )
            update campaigns c
            set status = :status, outcome_reason = :reason, outcome_cause = :cause, notice = :notice,
                suspicion = :suspicion, ended_at = now()
            from job
            where c.workspace_id = job.workspace_id and c.id = job.campaign_id
        """),
        {
            **where,
            "status": end.status,
            "error": end.error,
            "reason": end.reason,
            "cause": end.cause.value if end.cause else None,
            "notice": end.notice,
            "suspicion": end.suspicion,
        },
    )
