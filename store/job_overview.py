"""Everybody's jobs as administrators see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignStatus, Stage
from store import tables
from store.conditions import is_stuck

_C, _J, _U = tables.campaigns.c, tables.discovery_jobs.c, tables.users.c


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOverview:
    """One job as an administrator sees it. ``is_stuck``: its lease ran out and nobody took it over yet;
    ``suspicion``: why its success is worth a look."""

    job_id: UUID
    campaign_id: UUID
    workspace_id: UUID
    owner_email: str
    title: str
    status: CampaignStatus
    stage: Stage
    progress: int
    attempt: int
    worker: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    error: str | None
    suspicion: str | None
    is_stuck: bool


def overview(
    conn: Connection, status: CampaignStatus | None, *, only_suspicious: bool, limit: int
) -> list[JobOverview]:
    """Newest jobs of everybody, deleted campaigns left out."""
    held = sa.case((_J.lease_until > sa.func.now(), _J.lease_owner))
    query = (
        sa.select(
            *(
                _J.id.label("job_id"),
                _J.campaign_id,
                _J.workspace_id,
                _U.email.label("owner_email"),
                _C.title,
                _C.suspicion,
            ),
            *(
                _J.status,
                _J.current_stage.label("stage"),
                _J.progress,
                (_J.attempt + 1).label("attempt"),
                _J.error,
            ),
            *(_J.created_at, _J.started_at, _J.ended_at, held.label("worker"), is_stuck().label("is_stuck")),
        )
        .select_from(tables.discovery_jobs)
        .join(tables.campaigns, sa.and_(_C.workspace_id == _J.workspace_id, _C.id == _J.campaign_id))
        .join(tables.users, _U.id == _C.created_by)
        .where(_C.deleted_at.is_(None))
        .order_by(_J.created_at.desc())
        .limit(limit)
    )
    if status:
        query = query.where(_J.status == status)
    if only_suspicious:
        query = query.where(_C.suspicion.is_not(None))
    rows = conn.execute(query)
    return [
        JobOverview(**{**row._mapping, "status": CampaignStatus(row.status), "stage": Stage(row.stage)})
        for row in rows
    ]


def counts(conn: Connection) -> dict[CampaignStatus, int]:
    """How many jobs are in each state."""
    rows = conn.execute(
        sa.text("""
            select j.status, count(*) as jobs
            from discovery_jobs j
            join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
            where c.deleted_at is null
            group by j.status
        """)
    )
    found = {CampaignStatus(row.status): int(row.jobs) for row in rows}
    return {status: found.get(status, 0) for status in CampaignStatus}


def suspicious_count(conn: Connection, days: int) -> int:
    """How many campaigns that ended in the last ``days`` are worth a look."""
    return int(
        conn.execute(
            sa.text("""
                select count(*)
                from campaigns
                where suspicion is not null
                    and deleted_at is null
                    and ended_at > now() - make_interval(days => :days)
            """),
            {"days": days},
        ).scalar_one()
    )
