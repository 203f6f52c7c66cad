"""The wake-up call: puts a job's id and attempt into Redis. Postgres stays the record."""

from __future__ import annotations

import time
from functools import lru_cache
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

import settings

QUEUE = "campaigns"
TASK = "jobs.campaign_job.run"
# RQ kills a job that runs longer; a campaign ends by itself before.
_BACKSTOP_S = 300
_CONNECT_S = 0.05
_ANSWER_S = 0.5
_FAILURE_KEPT_S = 86_400


class RedisNotConfigured(Exception):
    """No Redis is known: start the application with ``make run`` or set REDIS_URL."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class RedisNotReady(Exception):
    """Redis does not answer; the message says why."""


@lru_cache(maxsize=2)
def _connection(url: str) -> Redis:
    if not url:
        raise RedisNotConfigured
    return Redis.from_url(url, socket_connect_timeout=_CONNECT_S, socket_timeout=_ANSWER_S)


def wait_until_ready(timeout_s: float) -> None:
    """Return once Redis answers; raises RedisNotReady after ``timeout_s`` and RedisNotConfigured."""
    connection = _connection(settings.get().redis_url.get_secret_value())
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            connection.ping()
            return
        except RedisError as error:
            if time.monotonic() > deadline:
                raise RedisNotReady(f"Redis does not answer: {error}") from error
        time.sleep(0.1)


def wake(job_id: UUID, attempt: int) -> bool:
    """Enqueue one attempt; False when Redis is away, so that the promise stays open and is kept later."""
    try:
        queue = Queue(
            QUEUE, connection=_connection(settings.get().redis_url.get_secret_value()), serializer="json"
        )
        queue.enqueue(
            TASK,
            str(job_id),
            attempt,
            job_id=wake_up_name(job_id, attempt),
            job_timeout=settings.get().campaign_minutes * 60 + _BACKSTOP_S,
            result_ttl=0,
            failure_ttl=_FAILURE_KEPT_S,
        )
    except RedisError:
        return False
    return True


def in_line() -> frozenset[str]:
    """The ``wake_up_name`` of every wake-up that waits for a worker; none when Redis is away."""
    try:
        queue = Queue(
            QUEUE, connection=_connection(settings.get().redis_url.get_secret_value()), serializer="json"
        )
        return frozenset(queue.get_job_ids())
    except RedisError:
        return frozenset()


def wake_up_name(job_id: UUID, attempt: int) -> str:
    """How RQ knows the wake-up of an attempt."""
    return f"c-{job_id}-{attempt}"
