"""What happened in one job, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment of a job; ``message`` is a line of its log."""

    at: datetime
    stage: Stage
    progress: int
    message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a job asked of one provider."""

    provider: str
    calls: int
    hits: int
    cost_micros: int
    uncertain_micros: int


def moments(conn: Connection, job_id: UUID, workspace_id: UUID, most: int) -> list[Moment]:
    """The newest moments of a job, oldest first."""
    rows = conn.execute(
        sa.text("""
            select *
            from (
                select id, at, stage, progress, message
                from job_events
                where workspace_id = :workspace and job_id = :job
                order by id desc
                limit :most
            ) e
            order by id
        """),
        {"workspace": workspace_id, "job": job_id, "most": most},
    )
    return [
        Moment(at=row.at, stage=Stage(row.stage), progress=row.progress, message=row.message) for row in rows
    ]


def calls(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> list[Calls]:
    """What a campaign asked of each provider, the dearest first."""
    rows = conn.execute(
        sa.text("""
            select provider, sum(calls)::bigint as calls, sum(hits)::bigint as hits,
                sum(cost_micros)::bigint as cost_micros, sum(uncertain_micros)::bigint as uncertain_micros
            from call_sums
            where workspace_id = :workspace and campaign_id = :campaign
            group by provider
            order by 4 desc, provider
        """),
        {"workspace": workspace_id, "campaign": campaign_id},
    )
    return [Calls(**row._mapping) for row in rows]
