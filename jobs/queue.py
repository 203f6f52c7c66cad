"""The wake-up call: puts a job's id and attempt into Redis. Postgres stays the record."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue

import settings

QUEUE = "campaigns"
TASK = "jobs.campaign_job.run"
# RQ kills a job that runs longer; a campaign ends by itself before.
_BACKSTOP_S = 300
_CONNECT_S = 0.05
_ANSWER_S = 0.5
# A person who orders waits for no longer: the promise stays open and is kept a moment later.
_HURRY_S = 0.05
_FAILURE_KEPT_S = 86_400
_PATIENT_S = 2.0
_PROBE = "prospectpro:probe"


class RedisNotConfigured(Exception):
    """No Redis is known: start the application with `make run`, or set REDIS_URL."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class RedisNotReady(Exception):
    """Redis does not answer; the message says why."""


def connect(**options: Any) -> Redis:  # noqa: ANN401 - what redis-py takes
    """A client of the Redis in REDIS_URL; ``options`` as for redis-py. Raises RedisNotConfigured and SettingsError."""
    url = settings.get().redis_url.get_secret_value().strip()
    if not url:
        raise RedisNotConfigured
    try:
        client = Redis.from_url(url, **options)
        # Made without being opened: an option of the URL that does not exist shows here.
        pool = client.connection_pool
        pool.connection_class(**pool.connection_kwargs)
    except (ValueError, TypeError):
        raise settings.SettingsError(
            "Settings refused. REDIS_URL is no address of a Redis. It looks like"
            " redis://:password@cache.example.com:6379/0, rediss://… with TLS, or unix:///path/of/the.sock"
        ) from None
    return client


@lru_cache(maxsize=4)
def _connection(_url: str, answer_s: float) -> Redis:
    return connect(socket_connect_timeout=_CONNECT_S, socket_timeout=answer_s, retry=Retry(NoBackoff(), 0))


def _queue(answer_s: float) -> Queue:
    url = settings.get().redis_url.get_secret_value()
    return Queue(QUEUE, connection=_connection(url, answer_s), serializer="json")


def wait_until_ready(timeout_s: float, say: Callable[[str], None] = lambda _reason: None) -> None:
    """Return once Redis takes writes; raises RedisNotReady with the last reason after ``timeout_s``,
    RedisNotConfigured and SettingsError. ``say`` is told the first reason to wait."""
    connection = connect(
        socket_connect_timeout=_PATIENT_S, socket_timeout=_PATIENT_S, retry=Retry(NoBackoff(), 0)
    )
    deadline = time.monotonic() + timeout_s
    is_first = True
    while True:
        try:
            connection.set(_PROBE, "", ex=1)
            return
        except RedisError as error:
            reason = f"Redis cannot be used ({error}). See that the server in REDIS_URL runs and the password is right."
            if time.monotonic() > deadline:
                raise RedisNotReady(reason) from error
        if is_first:
            say(reason)
        is_first = False
        time.sleep(0.1)


def wake(job_id: UUID, attempt: int, *, in_a_hurry: bool = False, at_front: bool = False) -> bool:
    """Enqueue one attempt; False when Redis is away, so that the promise stays open and is kept later.

    ``in_a_hurry``: somebody waits for the answer, so a Redis that does not answer within 50 ms counts as away. A
    wake-up that arrives all the same does no harm. ``at_front``: before all others, also when it waits already.
    """
    line, name = _queue(_HURRY_S if in_a_hurry else _ANSWER_S), wake_up_name(job_id, attempt)
    try:
        if at_front:
            line.remove(name)
        line.enqueue(
            TASK,
            str(job_id),
            attempt,
            job_id=name,
            at_front=at_front,
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
        return frozenset(_queue(_ANSWER_S).get_job_ids())
    except RedisError:
        return frozenset()


def wake_up_name(job_id: UUID, attempt: int) -> str:
    """How RQ knows the wake-up of an attempt."""
    return f"c-{job_id}-{attempt}"
