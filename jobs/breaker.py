"""Stops asking a provider that keeps failing, for the whole installation, and lets one call try whether it is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing, suppress

from redis import Redis
from redis.exceptions import RedisError

from jobs import queue
from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint

FAILURES = 5
WINDOW_S = 30
OPEN_S = 30
MAX_WAIT_S = 120.0
"""How long a campaign waits for a provider before it goes on without it."""
_PROBE_S = 5
_REDIS_S = 2.0
_PARTS = ("failures", "tripped", "open", "probe")


def close(provider: str) -> None:
    """Have all workers try a provider at once, whatever it did before. A pause it asked for itself is kept. While Redis
    is away there is nothing to close."""
    with (
        suppress(RedisError, queue.RedisNotConfigured),
        closing(queue.connect(socket_connect_timeout=_REDIS_S, socket_timeout=_REDIS_S)) as redis,
    ):
        for part in _PARTS:
            for name in redis.scan_iter(match=f"breaker:{provider}:*:{part}"):
                redis.delete(name)


class Breaker:
    """Five failures in a row within thirty seconds open it for thirty; then one call is let through to try.

    While Redis is away it stays closed: retries alone bound what is asked.
    """

    def __init__(
        self,
        redis: Redis | None,
        name: str,
        endpoint: Endpoint,
        *,
        open_s: float = OPEN_S,
        max_wait_s: float = MAX_WAIT_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name = f"breaker:{name}:{endpoint.fingerprint}"
        self._redis = redis
        self._open_ms = int(open_s * 1000)
        self._max_wait_s = max_wait_s
        self._sleep = sleep

    def wait(self, label: str, stop: Callable[[], None], say: Callable[[str | None], None]) -> None:
        """Return when a call may leave; ``stop`` is asked while waiting and raises when there is no point. Raises
        SourceError when that takes too long."""
        waited, said = 0.0, False
        try:
            while (wait_s := self._wait_s()) > 0:
                stop()
                if not said:
                    say(label)
                    said = True
                if waited >= self._max_wait_s:
                    raise SourceError(Cause.STAYED_AWAY, label, detail=f"{self._max_wait_s:.0f}")
                self._sleep(min(wait_s, 1.0))
                waited += min(wait_s, 1.0)
        finally:
            if said:
                say(None)

    def not_tried(self) -> None:
        """The call that was let through was not sent after all: the next one may try at once."""
        with suppress(RedisError):
            if self._redis is not None:
                self._redis.delete(f"{self._name}:probe")

    def succeeded(self) -> None:
        """The provider answered."""
        try:
            if self._redis is not None and self._redis.exists(
                f"{self._name}:failures", f"{self._name}:tripped"
            ):
                self._redis.delete(*(f"{self._name}:{part}" for part in _PARTS))
        except RedisError:
            return

    def failed(self) -> None:
        """The provider did not answer, or said that it cannot."""
        if self._redis is None:
            return
        try:
            failures = f"{self._name}:failures"
            with self._redis.pipeline() as both:
                both.set(failures, 0, ex=WINDOW_S, nx=True)
                both.incr(failures)
                count = int(both.execute()[1])
            if count >= FAILURES or self._redis.exists(f"{self._name}:tripped"):
                self._redis.set(f"{self._name}:open", "1", px=self._open_ms)
                self._redis.set(f"{self._name}:tripped", "1", ex=3600)
                self._redis.delete(f"{self._name}:probe", failures)
        except RedisError:
            return

    def rest(self, seconds: float) -> None:
        """The provider is well and wants no call for so long, from nobody."""
        with suppress(RedisError):
            if self._redis is not None:
                self._redis.set(f"{self._name}:rest", "1", px=max(1, int(seconds * 1000)))

    def is_open(self) -> bool:
        """Whether no call may leave now."""
        with suppress(RedisError):
            return self._redis is not None and self._left_ms(self._redis) > 0
        return False

    def _wait_s(self) -> float:
        """0 when a call may leave now: the breaker is closed, or this is the call that tries."""
        if self._redis is None:
            return 0.0
        try:
            left_ms = self._left_ms(self._redis)
            if left_ms > 0:
                return left_ms / 1000
            if not self._redis.exists(f"{self._name}:tripped"):
                return 0.0
            return 0.0 if self._redis.set(f"{self._name}:probe", "1", nx=True, ex=_PROBE_S) else 0.5
        except RedisError:
            return 0.0

    def _left_ms(self, redis: Redis) -> int:
        with redis.pipeline(transaction=False) as both:
            both.pttl(f"{self._name}:open")
            both.pttl(f"{self._name}:rest")
            return max(int(left) for left in both.execute())
