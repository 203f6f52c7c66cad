"""What administrators see and do: everybody's jobs and the workers, with every action in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import settings
from jobs import queue
from pipeline.campaign import CampaignStatus
from services import limits, paging
from services.errors import Conflict, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import audit, job_overview, outbox, progress, schema_version
from store import jobs as job_rows
from store import workers as worker_rows
from store.database import Connection, Role, transaction
from store.job_overview import MOST_COUNTED as MOST_COUNTED
from store.job_overview import Attention as Attention
from store.job_overview import Failures as Failures
from store.job_overview import JobOverview
from store.job_where import ORDERS, place, position
from store.job_where import JobSort as JobSort
from store.job_where import JobWhere as JobWhere
from store.progress import End

JobRow = JobOverview
STOPPED = End(
    status=CampaignStatus.CANCELLED,
    reason="An administrator stopped this campaign. What it had found by then is kept.",
    message="Stopped by an administrator.",
)
EVERY_JOB = JobWhere()
_MAX_JOBS = 500
_MOST_CAUSES = 10
_MOST_OF_WORKER = 20
_RECENT_DAYS = 7
_NOT_ENDED = "Only a failed, stopped or partial job can be retried."


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """One worker process and what it does. ``rests``: it is to take no more campaigns; ``is_other_version``: its code
    is not of the version that this process has."""

    name: str
    pid: int
    host: str
    state: Literal["idle", "busy", "gone"]
    job_title: str | None
    started_at: datetime
    seen_at: datetime
    memory_bytes: int | None
    version: str | None
    schema_version: str | None
    is_other_version: bool
    rests: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """Some of everybody's jobs, in their order."""

    rows: tuple[JobRow, ...]
    next_cursor: str | None


def jobs(
    person: Person,
    where: JobWhere = EVERY_JOB,
    sort: JobSort = JobSort.NEWEST,
    cursor: str | None = None,
    limit: int = 50,
) -> JobPage:
    """A page of everybody's jobs. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_ALL_JOBS)
    most = max(1, min(limit, _MAX_JOBS))
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        after = place(sort, paging.decode(cursor, len(ORDERS[sort].keys)))
        rows = job_overview.page(conn, where, sort, after, most + 1)
    shown = rows[:most]
    last = paging.encode(*position(shown[-1][1])) if len(rows) > most else None
    return JobPage(rows=tuple(row for row, _ in shown), next_cursor=last)


def failures(person: Person, where: JobWhere = EVERY_JOB) -> tuple[Failures, ...]:
    """Why jobs failed, the commonest cause first. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return tuple(job_overview.failures(conn, where, _MOST_CAUSES))


def attention(person: Person) -> Attention:
    """How many campaigns of the last week are worth a look, and whether the queue is paused. Raises NotAllowed for
    anyone but administrators."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return job_overview.attention(conn, _RECENT_DAYS)


def job_counts(person: Person, where: JobWhere = EVERY_JOB) -> dict[CampaignStatus, int]:
    """How many jobs are in each state, up to ``MOST_COUNTED`` and one. Raises NotAllowed for anyone but
    administrators."""
    require(person, Right.SEE_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return job_overview.counts(conn, where)


def workers(person: Person) -> tuple[WorkerRow, ...]:
    """The worker processes. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_WORKERS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return tuple(_worker(row) for row in worker_rows.listing(conn))


def worker_jobs(person: Person, worker: str) -> tuple[JobRow, ...]:
    """The last jobs a worker took, the newest first. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_WORKERS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return tuple(job_overview.of_worker(conn, worker, _MOST_OF_WORKER))


def retry(person: Person, job_id: UUID) -> None:
    """Put an ended job back in line; what it stored is used again. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.STEER_ALL_JOBS)
    with limits.opening(), transaction(Role.ADMIN, proof=person.proof) as conn:
        workspace_id, status = _find(conn, job_id)
        if status not in (CampaignStatus.FAILED, CampaignStatus.CANCELLED, CampaignStatus.PARTIAL):
            raise Conflict(_NOT_ENDED)
        attempt = job_rows.reopen(conn, workspace_id, job_id)
        if attempt is None:
            raise Conflict(_NOT_ENDED)
        promise = outbox.promise(conn, workspace_id, job_id, attempt)
        audit.record(conn, person.id, "job_retried", workspace_id, job_id)
    if queue.wake(promise.job_id, promise.attempt):
        with transaction(Role.ADMIN, proof=person.proof) as conn:
            outbox.mark_sent(conn, promise)


def cancel_job(person: Person, job_id: UUID) -> None:
    """Stop anybody's job. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.STEER_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        workspace_id, status = _find(conn, job_id)
        if status.is_final:
            raise Conflict("This job has already ended.")
        stop(conn, person, workspace_id, job_id)


def stop(conn: Connection, person: Person, workspace_id: UUID, job_id: UUID) -> None:
    """Stop a job that has not ended, in a transaction of an administrator."""
    if not job_rows.request_cancel(conn, workspace_id, job_id):
        progress.finish(conn, workspace_id, job_id, STOPPED)
    audit.record(conn, person.id, "job_cancelled", workspace_id, job_id)


def _find(conn: Connection, job_id: UUID) -> tuple[UUID, CampaignStatus]:
    found = job_rows.find(conn, job_id)
    if found is None:
        raise NotFound("We can't find that job.")
    return found


def _worker(row: worker_rows.WorkerReport) -> WorkerRow:
    busy = row.job_title is not None
    return WorkerRow(
        name=row.name,
        pid=row.pid,
        host=row.host,
        state="gone" if not row.is_alive else "busy" if busy else "idle",
        job_title=row.job_title,
        started_at=row.started_at,
        seen_at=row.seen_at,
        memory_bytes=row.memory_bytes,
        version=row.version,
        schema_version=row.schema_version,
        is_other_version=(row.version, row.schema_version) != (settings.version(), schema_version.NEWEST),
        rests=row.rests,
    )
