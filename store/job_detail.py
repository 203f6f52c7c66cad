"""What happened in one job, for administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import Stage
from store import keyset, tables
from store.keyset import Key


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One time a worker took a job. ``ended_as`` is the state of a job it ended, ``handed_over`` or ``interrupted``;
    ``fault`` the error of ours it ended with."""

    attempt: int
    worker: str
    began_at: datetime
    ended_at: datetime | None
    ended_as: str | None
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What became of a job: its newest moments and its attempts, oldest first, and whom it asked, the dearest first."""

    moments: tuple[Moment, ...]
    calls: tuple[Calls, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCall:
    """One call of a job, without what it was about."""

    id: UUID
    at: datetime
    provider: str
    operation: str
    attempt: int
    state: str
    found: bool | None
    http_status: int | None
    cost_micros: int
    took_ms: int | None


_STORY = sa.text("""
    select (
            select coalesce(json_agg(e order by e.id), '[]')
            from (
                select id, at, stage, progress, message
                from job_events
                where workspace_id = :workspace and job_id = :job
                order by id desc
                limit :most
            ) e
        ) as moments,
        (
            select coalesce(json_agg(s order by s.cost_micros desc, s.provider), '[]')
            from (
                select provider, sum(calls)::bigint as calls, sum(hits)::bigint as hits,
                    sum(cost_micros)::bigint as cost_micros, sum(uncertain_micros)::bigint as uncertain_micros
                from call_sums
                where workspace_id = :workspace and campaign_id = :campaign
                group by provider
            ) s
        ) as calls,
        (
            select coalesce(json_agg(a order by a.token), '[]')
            from (
                select token, attempt, worker, began_at, ended_at, ended_as, fault
                from job_attempts
                where workspace_id = :workspace and job_id = :job
                order by token desc
                limit 50
            ) a
        ) as attempts
""").columns(moments=sa.JSON(), calls=sa.JSON(), attempts=sa.JSON())
_P = tables.provider_calls.c
_NEWEST_FIRST = (Key(_P.sent_at, descending=True), Key(_P.id, descending=True))


def story(conn: Connection, workspace_id: UUID, campaign_id: UUID, job_id: UUID, most: int) -> Story:
    """All that happened in a job, of its moments the newest ``most``."""
    row = conn.execute(
        _STORY, {"workspace": workspace_id, "campaign": campaign_id, "job": job_id, "most": most}
    ).one()
    return Story(
        moments=tuple(_moment(each) for each in row.moments),
        calls=tuple(Calls(**each) for each in row.calls),
        attempts=tuple(_attempt(each) for each in row.attempts),
    )


def every_call(
    conn: Connection, workspace_id: UUID, campaign_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[JobCall]:
    """The calls of a campaign, the newest first, from just behind a position."""
    took = sa.cast(sa.extract("epoch", _P.done_at - _P.sent_at) * 1000, sa.Integer)
    query = sa.select(
        *(_P.id, _P.sent_at.label("at"), _P.provider, _P.operation, _P.attempt, _P.state, _P.found),
        *(_P.http_status, _P.cost_micros, took.label("took_ms")),
    ).where(_P.workspace_id == workspace_id, _P.campaign_id == campaign_id)
    rows = conn.execute(keyset.page(query, _NEWEST_FIRST, after, limit))
    return [JobCall(**row._mapping) for row in rows]


def _moment(told: Mapping[str, Any]) -> Moment:
    return Moment(
        at=datetime.fromisoformat(told["at"]),
        stage=Stage(told["stage"]),
        progress=told["progress"],
        message=told["message"],
    )


def _attempt(told: Mapping[str, Any]) -> Attempt:
    return Attempt(
        attempt=told["attempt"] + 1,
        worker=told["worker"],
        began_at=datetime.fromisoformat(told["began_at"]),
        ended_at=datetime.fromisoformat(told["ended_at"]) if told["ended_at"] else None,
        ended_as=told["ended_as"],
        fault=told["fault"],
    )
