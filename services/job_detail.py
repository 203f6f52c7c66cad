"""One job in all its detail, for administrators. Looking at one of another workspace is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pipeline.campaign import Stage
from services import paging
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, require
from store import audit, job_detail, job_overview
from store.database import Connection, Role, transaction
from store.job_detail import Attempt as Attempt
from store.job_detail import JobCall as JobCall
from store.job_detail import Moment, Story
from store.job_overview import JobOverview

_MOST_MOMENTS, _MOST_CALLS = 500, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """How long a job spent in a stage of its last run, in seconds; None while it is in it."""

    stage: Stage
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSummary:
    """A job as the list shows it; ``is_own``: of a workspace of the person's."""

    job: JobOverview
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """What became of a job, the time its stages took, and a page of its calls, the newest first; ``is_own``: of a
    workspace of the person's."""

    job: JobOverview
    is_own: bool
    story: Story
    stages: tuple[StageTime, ...]
    calls: tuple[JobCall, ...]
    next_cursor: str | None


def summary(person: Person, job_id: UUID) -> JobSummary:
    """One job. Raises NotFound, and NotAllowed for anyone but administrators."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        job = _found(conn, job_id)
    return JobSummary(job=job, is_own=job.workspace_id == person.workspace_id)


def look(person: Person, job_id: UUID, cursor: str | None = None) -> JobDetail:
    """What happened in a job. Raises NotFound, and NotAllowed for anyone but administrators."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        job = _found(conn, job_id)
        story = job_detail.story(conn, job.workspace_id, job.campaign_id, job_id, _MOST_MOMENTS)
        calls = job_detail.every_call(
            conn, job.workspace_id, job.campaign_id, paging.after(cursor), _MOST_CALLS + 1
        )
    shown = calls[:_MOST_CALLS]
    more = len(calls) > _MOST_CALLS
    return JobDetail(
        job=job,
        is_own=job.workspace_id == person.workspace_id,
        story=story,
        stages=_stages(job, story.moments),
        calls=tuple(shown),
        next_cursor=paging.following(shown[-1].at, shown[-1].id) if more else None,
    )


def opened(person: Person, job_id: UUID) -> None:
    """Note that somebody looked into a job of another workspace. Raises NotFound and NotAllowed."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        job = _found(conn, job_id)
        if job.workspace_id != person.workspace_id:
            audit.record(conn, person.id, "job_looked_into", job.workspace_id, job_id)


def _found(conn: Connection, job_id: UUID) -> JobOverview:
    job = job_overview.one(conn, job_id)
    if job is None:
        raise NotFound("We can't find that job.")
    return job


def _stages(job: JobOverview, moments: Sequence[Moment]) -> tuple[StageTime, ...]:
    """From the first moment of a stage to the first of the next one that was reached; a run begins at its start."""
    first = {
        moment.stage: moment.at
        for moment in reversed(moments)
        if job.started_at is None or moment.at >= job.started_at
    }
    reached = [stage for stage in Stage if stage in first]
    ends = [*(first[stage] for stage in reached[1:]), job.ended_at]
    return tuple(
        StageTime(stage=stage, seconds=None if end is None else round((end - first[stage]).total_seconds()))
        for stage, end in zip(reached, ends, strict=False)
    )
