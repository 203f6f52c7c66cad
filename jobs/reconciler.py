"""Finds campaigns that nobody runs and wakes them, or ends them: the reason every campaign ends.

Runs in every worker and as ``manage.py reconcile``; an advisory lock lets one at a time through.
"""

from __future__ import annotations

import logging
from uuid import UUID

from jobs import endings
from jobs.queue import in_line, wake, wake_up_name
from pipeline import events
from store import bulk_turns, crash_points, jobs, outbox, progress
from store.database import Connection, Role, transaction
from store.jobs import OpenJob
from store.locks import try_reconciler_lock

log = logging.getLogger(__name__)


def tick() -> int:
    """One round: mend overdue jobs, let bulk orders take turns, then keep open promises. Returns how many were mended;
    none when another process is at it."""
    with transaction(Role.SYSTEM) as conn:
        if not try_reconciler_lock(conn):
            return 0
        overdue = jobs.overdue(conn)
        waiting = frozenset() if all(job.was_running for job in overdue) else in_line()
        for job in overdue:
            _mend(conn, job, waiting)
        _take_turns(conn)
        crash_points.here("mend.committing")
    crash_points.here("mend.committed")
    send_wake_ups()
    return len(overdue)


def taken_back(job_id: UUID, attempt: int) -> None:
    """The process that ran this attempt is known to be dead: wake the job without waiting for its lease."""
    with transaction(Role.SYSTEM) as conn:
        jobs.release(conn, job_id, attempt)
    tick()


def next_turns() -> None:
    """What a round does for bulk orders, alone."""
    with transaction(Role.SYSTEM) as conn:
        if not try_reconciler_lock(conn) or not _take_turns(conn):
            return
    send_wake_ups()


def _take_turns(conn: Connection) -> int:
    bulk_turns.note_ended(conn)
    return bulk_turns.take(conn)


def send_wake_ups() -> None:
    """Enqueue every promised wake-up; stops at the first that Redis refuses."""
    with transaction(Role.SYSTEM) as conn:
        for promise in outbox.unsent(conn):
            if not wake(promise.job_id, promise.attempt):
                events.warning(log, "redis_away")
                return
            crash_points.here("wake.sent")
            outbox.mark_sent(conn, promise)
    crash_points.here("wake.committed")


def _mend(conn: Connection, job: OpenJob, waiting: frozenset[str]) -> None:
    """Give a job another attempt, or end it when it was cancelled or has failed too often; leave it alone when its
    wake-up is only ``waiting`` behind others."""
    if job.cancel_requested:
        progress.finish(conn, job.workspace_id, job.job_id, endings.cancelled())
        return
    if job.out_of_time:
        end = endings.out_of_time() if job.has_started else endings.never_started()
        progress.finish(conn, job.workspace_id, job.job_id, end)
        return
    if not job.was_running and (job.is_promised or wake_up_name(job.job_id, job.attempt) in waiting):
        jobs.keep_waiting(conn, job)
        return
    attempt = jobs.next_attempt(conn, job)
    if jobs.failures(conn, job) >= jobs.MAX_ATTEMPTS:
        progress.finish(conn, job.workspace_id, job.job_id, endings.gave_up(jobs.MAX_ATTEMPTS))
        return
    if job.was_running:
        progress.note(
            conn,
            job.workspace_id,
            job.job_id,
            "The worker stopped answering; another one goes on from there.",
        )
    outbox.promise(conn, job.workspace_id, job.job_id, attempt)
    events.info(log, "job_revived", job_id=job.job_id, attempt=attempt)
