"""The RQ task: claim the job, keep the lease alive, run the pipeline, write the end once."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from rq.job import get_current_job
from rq.timeouts import JobTimeoutException

import settings
from jobs import endings, tracing
from jobs.campaign_ports import fenced
from jobs.campaign_setup import ports
from jobs.tracing import Span
from pipeline import events
from pipeline.errors import Cancelled, Draining, LeaseLost, OutOfTime, SourceError, Stopped
from pipeline.run import run as run_pipeline
from store import crash_points, figures, leases, progress, suspicion
from store.database import DatabaseAway, DatabaseError, Role, transaction
from store.ids import new_id
from store.leases import HEARTBEAT_S, Lease, LeaseState
from store.progress import End

log = logging.getLogger(__name__)


def run(job_id: str, attempt: int) -> None:
    """Run one attempt of a campaign. A wake-up for a job that is taken, done or newer does nothing."""
    current = get_current_job()
    owner = (current and current.worker_name) or f"{socket.gethostname()}-{os.getppid()}"
    crash_points.here("job.claiming")
    with transaction(Role.WORKER) as conn:
        lease = leases.claim(conn, UUID(job_id), attempt, owner)
    if lease is None:
        events.info(log, "wake_up_ignored", job_id=job_id, attempt=attempt)
        return
    crash_points.here("job.claimed")
    events.info(log, "campaign_taken", **_ids(lease), attempt=attempt, worker=owner)
    draining = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: draining.set())
    with (
        _kept_alive(lease),
        tracing.run(lease.job_id, lease.campaign_id, lease.token, attempt) as span,
    ):
        _carry_out(lease, draining, span)


def _ids(lease: Lease) -> dict[str, UUID]:
    return {"campaign_id": lease.campaign_id, "job_id": lease.job_id}


def _carry_out(lease: Lease, draining: threading.Event, span: Span) -> None:
    try:
        end = _outcome(lease, draining)
        span.set("status", end.status)
        if end.fault:
            span.failed("fault")
        _finish(lease, end)
    except Cancelled:
        _finish(lease, endings.cancelled())
    except OutOfTime:
        _finish(lease, endings.out_of_time())
    except LeaseLost:
        events.warning(log, "lease_lost", **_ids(lease))
    except Draining:
        _hand_over(lease, "Handed over to another worker.")
    except DatabaseAway as error:
        # A lost database is no fault of the campaign, and does not count as a failed attempt.
        events.warning(log, "database_away", **_ids(lease), reason=type(error).__name__)
        _hand_over_when_back(lease)


def _hand_over(lease: Lease, message: str) -> None:
    with transaction(Role.WORKER, lease=lease) as conn:
        if leases.is_ours(conn, lease):
            progress.note(conn, lease.workspace_id, lease.job_id, message)
            leases.hand_over(conn, lease)
            crash_points.here("handover.committing")
    crash_points.here("handover.committed")


def _hand_over_when_back(lease: Lease) -> None:
    """Put the campaign back in line once the database answers; if that takes longer than the lease, the reconciler
    will."""
    deadline = time.monotonic() + settings.get().lease_s
    while time.monotonic() < deadline:
        try:
            return _hand_over(lease, "The database was away for a moment; going on from there.")
        except DatabaseAway:
            time.sleep(0.2)


def _outcome(lease: Lease, draining: threading.Event) -> End:
    try:
        with fenced(lease) as conn:
            spec = leases.start(conn, lease)
        crash_points.here("job.started")
        with ports(lease, spec, draining) as outside:
            return endings.ended(run_pipeline(spec, outside))
    except SourceError as error:
        return endings.source_failed(error)
    except JobTimeoutException:
        return endings.out_of_time()
    except (Stopped, DatabaseAway):
        raise
    except Exception as error:  # noqa: BLE001 - it is told with its traceback
        reference = str(new_id())
        events.error(log, "campaign_crashed", error, **_ids(lease), reference=reference)
        return endings.crashed(error, reference)


def _finish(lease: Lease, end: End) -> None:
    """The terminal write, only while the lease is ours; a late cancellation no longer matters here."""
    crash_points.here("end.coming")
    with transaction(Role.WORKER, lease=lease) as conn:
        if leases.is_ours(conn, lease):
            figures.settle(conn, lease)
            judged = suspicion.judged(conn, lease, end)
            progress.finish(conn, lease.workspace_id, lease.job_id, judged)
            crash_points.here("end.committing")
    crash_points.here("end.committed")
    events.info(log, "campaign_ended", **_ids(lease), attempt=lease.attempt, status=end.status)


@contextmanager
def _kept_alive(lease: Lease) -> Iterator[None]:
    """Extend the lease every few seconds from a thread until the job is done or the lease is lost."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(HEARTBEAT_S):
            try:
                with transaction(Role.WORKER, lease=lease) as conn:
                    state = leases.extend(conn, lease)
                    if state is LeaseState.CANCELLED:
                        figures.settle(conn, lease)
                        # A provider may keep the run waiting for longer than a person should.
                        progress.finish(conn, lease.workspace_id, lease.job_id, endings.cancelled())
                if state is not LeaseState.KEPT:
                    return
            except DatabaseError as error:
                # The database may be back before the lease runs out; the next heartbeat tries again.
                events.warning(log, "heartbeat_missed", **_ids(lease), reason=type(error).__name__)

    thread = threading.Thread(target=keep, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
