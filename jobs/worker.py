"""One worker process: runs campaigns from the queue and, every few seconds, the reconciler."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.context import ForkProcess
from types import FrameType, MappingProxyType
from typing import Any
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError, ResponseError
from rq import Worker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue

from jobs import campaign_job, duties, list_work, notifications, presence, queue, reconciler, side_work
from jobs.queue import QUEUE
from jobs.side_work import SideWork
from jobs.warm_up import warm_up
from pipeline import events
from store import crash_points, database
from store.database import DatabaseError
from store.ids import new_id
from store.readiness import NotReady

log = logging.getLogger(__name__)

_TICK_S = 3
_REST_S = 1.0
# RQ blocks on its queue for worker_ttl - 15 seconds and beats its heart after each wait.
_WORKER_TTL_S = 15 + _TICK_S
# How long a mail that is being sent may take when the worker stops; another one sends it again.
_SENDER_S = 5
# The workers of an installation take turns in looking after mails, so that one mail does not wake all of them.
_MAIL_TURN, _MAIL_TURN_S = "prospectpro:mail-turn", 5
# Loaded before the first campaign, so that every forked work-horse starts with the code in memory.
_PRELOADED = campaign_job
_MAIL = SideWork(name="mail", are_due=notifications.are_due, run_due=notifications.send_due)
_LISTS = SideWork(name="lists", are_due=list_work.are_due, run_due=list_work.run_due)
_DUTIES = SideWork(name="duties", are_due=duties.are_due, run_due=duties.run_due)


class Stop(threading.Event):
    """Set once this worker is to end; ``reason`` when it cannot work any more."""

    reason: NotReady | None = None


class CampaignWorker(Worker):
    """RQ's forking worker; the heartbeat of the parent also drives the reconciler."""

    # RQ would wait up to a minute before it looks again for a Redis that was away.
    max_connection_wait_time = 5.0
    _last_tick_s = float("-inf")
    # Outlives this worker: a signal may come when RQ has ended already, and its handler is still in place.
    stop: Stop | None = None
    sides: Sequence[SideWork] = ()
    _may_work = True
    _sides: Mapping[str, ForkProcess] = MappingProxyType({})

    def _set_ip_address(self, connection: Redis) -> None:
        """Nobody asks for it, and RQ would find it in Redis's list of clients, which a socket's path with a space
        garbles."""
        self.ip_address = "unknown"

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:  # noqa: ANN401 - RQ's type
        """RQ calls this every few seconds, idle or busy, also while Redis is away; the forked child leaves the
        reconciler alone."""
        if not self.is_horse and time.monotonic() - self._last_tick_s >= _TICK_S - 0.5:
            self._last_tick_s = time.monotonic()
            self._look_after()
        try:
            super().heartbeat(timeout, pipeline)
        except ResponseError as error:
            if self.is_horse or self.horse_pid:
                raise
            # ``main`` waits until Redis takes writes again; nobody runs a campaign here meanwhile.
            events.warning(log, "redis_refuses", reason=error)
            raise StopRequested from error

    def _report(self) -> None:
        """Say that this worker lives. One that its database does not let in any more can do nothing, and ends."""
        try:
            self._may_work = presence.tick(self.name)
        except NotReady as error:
            # Once: RQ takes a second signal for the wish to end without handing over.
            if self.stop is not None and self.stop.reason is None:
                events.error(log, "locked_out", reason=error)
                self.stop.reason = error
                os.kill(os.getpid(), signal.SIGTERM)

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Take nothing while the queue is paused or this worker is to rest; everything else goes on."""
        self.heartbeat()
        while not self._may_work and not self._stop_requested:
            (self.stop or threading.Event()).wait(_REST_S)
            self.heartbeat()
        return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """A campaign runs on without Redis: Postgres holds its lease."""
        try:
            super().maintain_heartbeats(job, execution)
        except RedisError as error:
            events.warning(log, "redis_away", reason=type(error).__name__)

    def _look_after(self) -> None:
        """Say that this worker lives, and have the rest done beside the campaigns, each kind by a process of its own: a
        mail server, a large list and names that nobody resolves keep a caller waiting, and this one has a heart to
        beat."""
        with database.in_a_row():
            self._report()
            due = [side for side in (_MAIL, *self.sides) if self._is_due(side)]
        for side in due:
            if side is not _MAIL or self._has_mail_turn():
                work = side.run_due if side is _DUTIES else partial(duties.noted, side.name, side.run_due)
                begun = side_work.started(side.name, work)
                self._sides = {**self._sides, side.name: begun}

    def _is_due(self, side: SideWork) -> bool:
        running = self._sides.get(side.name)
        return (running is None or not running.is_alive()) and side_work.is_due(side.name, side.are_due)

    def _has_mail_turn(self) -> bool:
        with suppress(RedisError):  # the heartbeat that follows tells of it
            return bool(self.connection.set(_MAIL_TURN, self.name, nx=True, ex=_MAIL_TURN_S))
        return False

    def execute_job(self, job: Job, queue: Queue) -> None:
        """When a campaign has ended, bulk orders take their next turn."""
        super().execute_job(job, queue)
        presence.next_turns()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Die with the parent: an orphan would go on spending while its campaign is run again."""
        side_work.die_with_parent()
        database.dispose()
        crash_points.here("horse.forked")
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(self, job: Job, retpid: int, ret_val: int, rusage: object) -> None:
        """Its campaign need not wait for the lease to run out: nobody holds it any more."""
        super().handle_work_horse_killed(job, retpid, ret_val, rusage)  # type: ignore[no-untyped-call]
        job_id, attempt = job.args
        try:
            reconciler.taken_back(UUID(job_id), attempt)
        except DatabaseError:
            events.warning(log, "take_back_failed", job_id=job_id)

    def _install_signal_handlers(self) -> None:
        """RQ asks from here on; who was asked before it did is to end as well."""
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        if self.stop is not None and self.stop.is_set():
            self._stop_requested = True

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Tell the running campaign to hand over, then stop."""
        if self.horse_pid:
            # RQ forgets the number of a run that has just ended a moment later.
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGUSR1)
        # RQ stops an idle worker by an exception alone, which is lost when the signal comes during a destructor.
        self._stop_requested = True
        if self.stop is not None:
            self.stop.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def register_death(self) -> None:
        """Leave the list of workers at once, and nobody behind who still sends."""
        try:
            super().register_death()  # type: ignore[no-untyped-call]
        except RedisError as error:
            events.warning(log, "redis_away", reason=type(error).__name__)
        presence.say_goodbye(self.name)
        if (mail := self._sides.get(_MAIL.name)) is not None:
            mail.join(_SENDER_S)
        for process in self._sides.values():
            # Another worker takes it up.
            process.terminate()


def main(sides: Sequence[SideWork] = ()) -> None:
    """Work until SIGTERM or SIGINT, also through a time in which Redis refuses what RQ wants of it: RQ would end.
    ``sides`` are done beside the campaigns, as lists are. Raises NotReady once the database does not let it in."""
    logging.basicConfig(level=logging.INFO, format=events.LINE)
    warm_up()
    stop = Stop()
    name = _new_name()
    while not stop.is_set():
        # RQ's answer to a signal that comes between its end and our own handler
        with suppress(StopRequested):
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            if not _can_work(name):
                stop.wait(_TICK_S)
            elif not stop.is_set():
                _work(name, stop, (_DUTIES, _LISTS, *sides))
                name = _new_name()
    presence.say_goodbye(name)
    if stop.reason:
        raise stop.reason


def _new_name() -> str:
    """Unlike host and process id, no container and no restart has the same one again."""
    return f"{socket.gethostname()}-{os.getpid()}-{new_id().hex[-12:]}"


def _can_work(name: str) -> bool:
    """Whether Redis takes writes; Postgres keeps every campaign meanwhile, and is looked after."""
    try:
        queue.wait_until_ready(0)
    except queue.RedisNotReady as error:
        events.warning(log, "redis_refuses", reason=error)
        presence.tick(name)
        return False
    return True


def _work(name: str, stop: Stop, sides: Sequence[SideWork]) -> None:
    """Work until RQ ends, by itself or because it was asked to, which sets ``stop``."""
    try:
        # One queue: with several, RQ takes jobs without its intermediate list and a kill would lose one.
        worker = CampaignWorker(
            [QUEUE],
            connection=queue.connect(),
            name=name,
            serializer="json",
            worker_ttl=_WORKER_TTL_S,
            job_monitoring_interval=_TICK_S,
        )
        worker.stop, worker.sides = stop, sides
        worker.work()
    except RedisError as error:
        events.warning(log, "redis_refuses", reason=error)
