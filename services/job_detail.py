"""One job in all its detail, for administrators. Looking at one of another workspace is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pipeline.campaign import Stage
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, require
from store import audit, job_detail, job_overview
from store.database import Role, transaction
from store.job_detail import Calls, Moment
from store.job_overview import JobOverview

_MOST_MOMENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """How long a job spent in a stage of its last run, in seconds; None while it is in it."""

    stage: Stage
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """A job with its log, the time its stages took and what it asked; ``is_own``: of a workspace of the person's."""

    job: JobOverview
    moments: tuple[Moment, ...]
    stages: tuple[StageTime, ...]
    calls: tuple[Calls, ...]
    is_own: bool


def look(person: Person, job_id: UUID) -> JobDetail:
    """One job. Raises NotFound, and NotAllowed for anyone but administrators."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        job = job_overview.one(conn, job_id)
        if job is None:
            raise NotFound("We can't find that job.")
        moments = job_detail.moments(conn, job_id, job.workspace_id, _MOST_MOMENTS)
        calls = job_detail.calls(conn, job.workspace_id, job.campaign_id)
    return JobDetail(
        job=job,
        moments=tuple(moments),
        stages=_stages(job, moments),
        calls=tuple(calls),
        is_own=job.workspace_id == person.workspace_id,
    )


def opened(person: Person, job_id: UUID) -> None:
    """Note that somebody looked into a job of another workspace. Raises NotFound and NotAllowed."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        job = job_overview.one(conn, job_id)
        if job is None:
            raise NotFound("We can't find that job.")
        if job.workspace_id != person.workspace_id:
            audit.record(conn, person.id, "job_looked_into", job.workspace_id, job_id)


def _stages(job: JobOverview, moments: list[Moment]) -> tuple[StageTime, ...]:
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
