"""Everybody's jobs as administrators see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignStatus, Stage
from store import keyset, tables
from store.conditions import is_stuck
from store.job_where import BY_OWNER, CAUSE, FROM, ORDERS, WITHOUT_OWNER, JobSort, JobWhere

MOST_COUNTED = 10_000
_LAST_ID = UUID(int=(1 << 128) - 1)
_C, _J, _U, _W = tables.campaigns.c, tables.discovery_jobs.c, tables.users.c, tables.workspaces.c


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOverview:
    """One job as an administrator sees it. ``is_stuck``: its lease ran out and nobody took it over yet;
    ``suspicion``: why its success is worth a look."""

    job_id: UUID
    campaign_id: UUID
    workspace_id: UUID
    owner_email: str
    workspace: str
    title: str
    status: CampaignStatus
    stage: Stage
    progress: int
    attempt: int
    worker: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    spent_micros: int
    error: str | None
    cause: str | None
    suspicion: str | None
    is_stuck: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Failed jobs of one cause: its name, or an error where there is none."""

    cause: str
    jobs: int
    newest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """How many campaigns are worth a look, and whether workers are to take none."""

    suspicious: int
    is_paused: bool


def page(
    conn: Connection, where: JobWhere, sort: JobSort, after: tuple[Any, ...] | None, limit: int
) -> list[tuple[JobOverview, tuple[Any, ...]]]:
    """Jobs of everybody in an order, from just behind a position, each with its own."""
    if sort is JobSort.OWNER:
        query = _by_owner(where, after, limit)
    else:
        order = ORDERS[sort]
        found = _selected(FROM).where(*where.conditions(), order.has_place)
        query = keyset.page(_with_keys(found, sort), order.keys, after, limit)
    names = [f"key_{number}" for number, _ in enumerate(ORDERS[sort].keys)]
    return [(_overview(row), tuple(row._mapping[name] for name in names)) for row in conn.execute(query)]


def _with_keys(query: sa.Select[Any], sort: JobSort) -> sa.Select[Any]:
    keys = ORDERS[sort].keys
    return query.add_columns(*(key.value.label(f"key_{number}") for number, key in enumerate(keys)))


def _by_owner(where: JobWhere, after: tuple[Any, ...] | None, limit: int) -> sa.Select[Any]:
    """Owner by owner, of each no more than a page: all jobs of one would be sorted otherwise."""
    inside = _with_keys(_selected(WITHOUT_OWNER), JobSort.OWNER).where(
        _C.created_by == _U.id, *where.conditions()
    )
    if after is not None:
        owner, campaign = after
        inside = inside.where(_C.id < sa.case((owner == BY_OWNER, campaign), else_=_LAST_ID))
    some = inside.order_by(_C.id.desc()).limit(limit).correlate(tables.users).lateral("job")
    query = sa.select(some).select_from(tables.users.join(some, sa.true()))
    if after is not None:
        query = query.where(after[0] <= BY_OWNER)
    return query.order_by(BY_OWNER, some.c.key_1.desc()).limit(limit)


def one(conn: Connection, job_id: UUID) -> JobOverview | None:
    """A job by its id."""
    row = conn.execute(_selected(FROM).where(_J.id == job_id, _C.deleted_at.is_(None))).one_or_none()
    return None if row is None else _overview(row)


def of_worker(conn: Connection, worker: str, most: int) -> list[JobOverview]:
    """The jobs a worker took last."""
    query = _selected(FROM).where(
        _J.lease_owner == worker, _C.deleted_at.is_(None), _J.started_at.is_not(None)
    )
    return [_overview(row) for row in conn.execute(query.order_by(_J.started_at.desc()).limit(most))]


def counts(conn: Connection, where: JobWhere) -> dict[CampaignStatus, int]:
    """How many jobs are in each state, whichever state is asked for; no more than one above ``MOST_COUNTED``."""
    each = []
    for status in CampaignStatus:
        some = (
            sa.select(sa.literal(1).label("one"))
            .select_from(FROM)
            .where(_J.status == status, *where.conditions(any_state=True))
            .limit(MOST_COUNTED + 1)
            .subquery()
        )
        each.append(
            sa.select(sa.literal(status.value).label("status"), sa.func.count().label("jobs")).select_from(
                some
            )
        )
    return {CampaignStatus(row.status): row.jobs for row in conn.execute(sa.union_all(*each))}


def failures(conn: Connection, where: JobWhere, most: int) -> list[Failures]:
    """Why jobs failed, the commonest cause first, of the newest ``MOST_COUNTED``."""
    newest = (
        sa.select(CAUSE.label("cause"), _J.created_at)
        .select_from(FROM)
        .where(_J.status == CampaignStatus.FAILED, CAUSE.is_not(None), *where.conditions(any_state=True))
        .order_by(_J.created_at.desc())
        .limit(MOST_COUNTED)
        .subquery()
    )
    jobs = sa.func.count().label("jobs")
    query = (
        sa.select(newest.c.cause, jobs, sa.func.max(newest.c.created_at).label("newest"))
        .group_by(newest.c.cause)
        .order_by(jobs.desc(), newest.c.cause)
        .limit(most)
    )
    return [Failures(**row._mapping) for row in conn.execute(query)]


def matching(
    conn: Connection,
    where: JobWhere,
    states: Collection[CampaignStatus],
    among: Sequence[UUID] | None,
    limit: int,
) -> list[UUID]:
    """The newest jobs in one of these states, of those named or, with ``among`` None, of all."""
    query = (
        sa.select(_J.id)
        .select_from(FROM)
        .where(_J.status.in_(list(states)), *where.conditions())
        .order_by(_J.created_at.desc(), _J.id.desc())
        .limit(limit)
    )
    if among is not None:
        query = query.where(_J.id.in_(list(among)))
    return list(conn.execute(query).scalars())


def attention(conn: Connection, days: int) -> Attention:
    """What administrators are told above the list; suspicious ones of the last ``days``."""
    row = conn.execute(
        sa.text("""
            select (
                select count(*)
                from campaigns
                where suspicion is not null
                    and deleted_at is null
                    and ended_at > now() - make_interval(days => :days)
            ) as suspicious,
            exists (select from switches where name = 'queue_paused' and is_on) as is_paused
        """),
        {"days": days},
    ).one()
    return Attention(**row._mapping)


def _selected(source: sa.FromClause) -> sa.Select[Any]:
    held = sa.case((_J.lease_until > sa.func.now(), _J.lease_owner))
    return sa.select(
        *(_J.id.label("job_id"), _J.campaign_id, _J.workspace_id, _U.email.label("owner_email")),
        *(_W.name.label("workspace"), _C.title, _C.suspicion, _C.spent_micros, CAUSE.label("cause")),
        *(
            _J.status,
            _J.current_stage.label("stage"),
            _J.progress,
            (_J.attempt + 1).label("attempt"),
            _J.error,
        ),
        *(_J.created_at, _J.started_at, _J.ended_at, held.label("worker"), is_stuck().label("is_stuck")),
    ).select_from(source)


def _overview(row: sa.Row[Any]) -> JobOverview:
    values = {name: value for name, value in row._mapping.items() if not name.startswith("key_")}
    return JobOverview(**{**values, "status": CampaignStatus(row.status), "stage": Stage(row.stage)})
