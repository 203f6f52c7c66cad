"""One rate limit per provider key for the whole installation, with turns between campaigns.

The well-kept limiters (``limits``, ``pyrate-limiter``) let whoever asks first through, so a campaign of a thousand
leads would starve one of ten: here, among the campaigns that wait, the one served longest ago is next. The state lives
in Redis under Redis's clock; while Redis is away each worker process keeps its share of the limit on its own clock.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from pipeline.calls import Endpoint, RateLimit

# Requests travel at different speeds: what left within a window may arrive this much closer together.
_MARGIN_S = 0.08
# After a provider found us too fast all the same, for a minute.
_WIDE_MARGIN_S, _WIDE_FOR_S = 0.25, 60
_LOOK_S = 0.2  # How often a waiting campaign shows that it still waits.

# KEYS: grants (a sorted set by time), the waiting (by time last seen), turns (campaign to time last served), slow.
# ARGV: campaign, shortest time between two grants, both margins, then calls and window of each limit; milliseconds.
_SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local me, spacing = ARGV[1], tonumber(ARGV[2])
local margin = redis.call('EXISTS', KEYS[4]) == 1 and tonumber(ARGV[4]) or tonumber(ARGV[3])
redis.call('ZADD', KEYS[2], now, me)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 600)
local slot, longest = now, spacing
for i = 5, #ARGV, 2 do
  local calls, window = tonumber(ARGV[i]), tonumber(ARGV[i + 1]) + margin
  local blocking = redis.call('ZREVRANGE', KEYS[1], calls - 1, calls - 1, 'WITHSCORES')
  if blocking[2] then slot = math.max(slot, blocking[2] + window) end
  longest = math.max(longest, window)
end
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if newest[2] then slot = math.max(slot, newest[2] + spacing) end
local mine = tonumber(redis.call('HGET', KEYS[3], me) or '0')
for _, other in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if other ~= me and tonumber(redis.call('HGET', KEYS[3], other) or '0') < mine then
    return math.ceil(math.max(slot - now, 0) + spacing / 2 + 1)
  end
end
if slot > now then return math.ceil(slot - now) end
redis.call('ZADD', KEYS[1], now, redis.call('HINCRBY', KEYS[3], '#', 1))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
redis.call('HSET', KEYS[3], me, now)
redis.call('ZREM', KEYS[2], me)
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], longest + 60000) end
return 0
"""


class RateLimiter:
    """Lets calls of one campaign to one provider key through, as its limits and the other campaigns allow."""

    def __init__(  # noqa: PLR0913 - the last two are for tests
        self,
        redis: Redis | None,
        name: str,
        endpoint: Endpoint,
        campaign: str,
        *,
        share: int = 1,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        account = f"limit:{name}:{endpoint.fingerprint}"
        self._keys = [f"{account}:{part}" for part in ("grants", "waiting", "turns", "slow")]
        self._redis = redis
        self._script: Any = redis.register_script(_SCRIPT) if redis else None
        self._limits = endpoint.limits
        self._campaign = campaign
        self._sleep = sleep
        self._turn = threading.Lock()
        self._own = _Own(endpoint.limits, share, clock)

    def acquire(self, stop: Callable[[], None]) -> None:
        """Return when the next call may leave; ``stop`` is asked while waiting and raises when there is no point."""
        if not self._limits:
            return
        while not self._turn.acquire(timeout=0.5):
            stop()
        try:
            while (wait_s := self._wait_s()) > 0:
                stop()
                self._sleep(min(wait_s, _LOOK_S))
        finally:
            self._turn.release()

    def slow_down(self) -> None:
        """The provider found us too fast: keep a wider margin for a while."""
        if self._redis is not None:
            with suppress(RedisError):
                self._redis.set(self._keys[3], "1", ex=_WIDE_FOR_S)

    def _wait_s(self) -> float:
        if self._script is not None:
            try:
                return int(self._script(keys=self._keys, args=self._arguments())) / 1000
            except RedisError:
                pass
        return self._own.wait_s()

    def _arguments(self) -> list[str | float]:
        windows = [item for limit in self._limits for item in (limit.calls, limit.window_s * 1000)]
        margins = [_MARGIN_S * 1000, _WIDE_MARGIN_S * 1000]
        return [self._campaign, _spacing_s(self._limits) * 1000, *margins, *windows]


class _Own:
    """The same windows for this process alone, when nobody else can be asked."""

    def __init__(self, limits: tuple[RateLimit, ...], share: int, clock: Callable[[], float]) -> None:
        self._limits = [
            (max(1, limit.calls // share), (limit.window_s + _MARGIN_S) * _over(limit, share))
            for limit in limits
        ]
        self._clock = clock
        self._grants: deque[float] = deque(maxlen=max((calls for calls, _ in self._limits), default=1))

    def wait_s(self) -> float:
        now = self._clock()
        slots = [
            self._grants[-calls] + window_s for calls, window_s in self._limits if len(self._grants) >= calls
        ]
        wait = max([slot - now for slot in slots], default=0.0)
        if wait <= 0:
            self._grants.append(now)
            return 0.0
        return wait


def _over(limit: RateLimit, share: int) -> float:
    """A share below one call a window becomes one call in several windows."""
    return max(1.0, share / limit.calls)


def _spacing_s(limits: tuple[RateLimit, ...]) -> float:
    """The shortest time between two calls: a burst may fill a window in half of it."""
    shortest = min(limits, key=lambda limit: limit.window_s)
    return shortest.window_s / shortest.calls / 2
