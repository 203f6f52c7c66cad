"""What administrators do with jobs, one or many, and with the queue and its workers; all of it is in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from jobs import queue
from pipeline.campaign import CampaignStatus
from services import operations
from services.errors import Conflict, Invalid, NotFound, Refused
from services.identity import Person
from services.permissions import Right, require
from store import audit, job_overview, steering
from store import jobs as job_rows
from store.database import Role, transaction
from store.job_where import JobWhere

MOST_AT_ONCE: Final = 1000


class Act(StrEnum):
    """What can be done with many jobs."""

    RETRY = "retry"
    CANCEL = "cancel"
    DELETE = "delete"


_OVER = tuple(status for status in CampaignStatus if status.is_final)
STATES: Final[dict[Act, tuple[CampaignStatus, ...]]] = {
    Act.RETRY: (CampaignStatus.FAILED, CampaignStatus.PARTIAL, CampaignStatus.CANCELLED),
    Act.CANCEL: tuple(status for status in CampaignStatus if status not in _OVER),
    Act.DELETE: _OVER,
}
"""The states in which each can be done."""


def matching(person: Person, act: Act, where: JobWhere, jobs: Sequence[UUID] | None) -> tuple[UUID, ...]:
    """Those of the jobs, or with ``jobs`` None of all the filter lets through, that this can be done with.
    Raises NotAllowed, and Invalid for more than ``MOST_AT_ONCE``."""
    require(person, Right.STEER_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        found = job_overview.matching(conn, where, STATES[act], jobs, MOST_AT_ONCE + 1)
    if len(found) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE:,} jobs are changed at once. Narrow the filters.")
    return tuple(found)


def carry_out(person: Person, act: Act, jobs: Sequence[UUID]) -> int:
    """Do it with each of them, each by itself; returns with how many. One that has changed its state meanwhile is left
    alone. Raises NotAllowed."""
    require(person, Right.STEER_ALL_JOBS)
    do = {Act.RETRY: operations.retry, Act.CANCEL: operations.cancel_job, Act.DELETE: delete_job}[act]
    done = 0
    for job_id in jobs:
        try:
            do(person, job_id)
        except Refused:
            continue
        done += 1
    return done


def delete_job(person: Person, job_id: UUID) -> None:
    """Delete anybody's ended campaign as its owner would, but for answers kept for everybody, which stay until their
    time is over. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.STEER_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        found = job_rows.find(conn, job_id)
        if found is not None and not found[1].is_final:
            raise Conflict("This job has not ended. Cancel it first, then delete it.")
        if not steering.delete(conn, job_id):
            raise NotFound("We can't find that job.")


def run_next(person: Person, job_id: UUID) -> None:
    """Put a waiting job at the head of the line. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.STEER_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        found = job_rows.find(conn, job_id)
        if found is None:
            raise NotFound("We can't find that job.")
        attempt = steering.attempt(conn, job_id)
        if attempt is None:
            raise Conflict("This job does not wait for a worker.")
        audit.record(conn, person.id, "job_put_first", found[0], job_id)
    if not queue.wake(job_id, attempt, at_front=True):
        raise Conflict("Redis is away, and the line with it. Try again when it is back.")


def pause(person: Person, *, wanted: bool) -> None:
    """Have workers take no more campaigns, or go on; what runs goes on to its end. Raises NotAllowed."""
    require(person, Right.STEER_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        steering.pause(conn, wanted)


def rest(person: Person, worker: str, *, wanted: bool) -> None:
    """Have one worker take no more campaigns, or go on. Raises NotAllowed and NotFound."""
    require(person, Right.STEER_ALL_JOBS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if not steering.rest(conn, worker, wanted):
            raise NotFound("We can't find that worker.")
