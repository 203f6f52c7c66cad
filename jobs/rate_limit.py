"""One rate limit per provider key for the whole installation, with turns between campaigns.

The well-kept limiters (``limits``, ``pyrate-limiter``) let whoever asks first through, so a campaign of a thousand
leads would starve one of ten: here, among the campaigns that wait, the one that was served least is next. One that
joins starts a second's calls behind the one served last, so that a head start is made up for and nobody has to wait for
long (start-time fair queueing, Goyal, Vin and Cheng 1996). The state lives in Redis under Redis's clock. While Redis is
away all workers take single turns under one lock in Postgres, evenly spaced: slower than bursts, and never faster than
the limit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from pipeline.money.calls import Endpoint, RateLimit
from store import locks
from store.database import Role, transaction

AHEAD_S = 0.3
"""A slot is granted at most so long before its moment: time enough to commit an intent, too little for the money it
reserves to be missed by others."""
_LATE_S = 0.03  # A thread that wakes up later than this has missed its slot.
# Requests travel at different speeds: what left within a window may arrive this much closer together.
_MARGIN_S = 0.08
# After a provider found us too fast all the same, for a while: a refusal costs nothing, and a minute at four fifths of
# the speed costs as much time as a hundred of them.
_WIDE_MARGIN_S, _WIDE_FOR_S = 0.25, 15
_LOOK_S = 0.2  # How often a waiting campaign shows that it still waits.

# KEYS: grants (a sorted set by time), the waiting (by time last seen), turns (campaign to calls served; "@" is how many
# the one served last had), slow.
# ARGV: campaign, shortest time between two grants, both margins, calls a joining campaign may make up for, how far
# ahead a slot may be, then calls and window of each limit; milliseconds.
# Returns the wait until the slot and the number of its grant, or the wait until it is worth asking again and 0.
_SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local me, spacing = ARGV[1], tonumber(ARGV[2])
local margin = redis.call('EXISTS', KEYS[4]) == 1 and tonumber(ARGV[4]) or tonumber(ARGV[3])
local is_new = redis.call('ZADD', KEYS[2], now, me) == 1
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 600)
local slot, longest, ahead = now, spacing, tonumber(ARGV[6])
for i = 7, #ARGV, 2 do
  local calls, window = tonumber(ARGV[i]), tonumber(ARGV[i + 1]) + margin
  local blocking = redis.call('ZREVRANGE', KEYS[1], calls - 1, calls - 1, 'WITHSCORES')
  if blocking[2] then slot = math.max(slot, blocking[2] + window) end
  longest = math.max(longest, window)
end
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if newest[2] then slot = math.max(slot, newest[2] + spacing) end
local mine = tonumber(redis.call('HGET', KEYS[3], me) or '0')
if is_new then
  mine = math.max(mine, tonumber(redis.call('HGET', KEYS[3], '@') or '0') - tonumber(ARGV[5]))
  redis.call('HSET', KEYS[3], me, mine)
end
for _, other in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if other ~= me and tonumber(redis.call('HGET', KEYS[3], other) or '0') < mine then
    return {math.ceil(math.max(slot - now - ahead, 0) + spacing / 2 + 1), 0}
  end
end
if slot > now + ahead then return {math.ceil(slot - now - ahead), 0} end
local grant = redis.call('HINCRBY', KEYS[3], '#', 1)
redis.call('ZADD', KEYS[1], slot, grant)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
redis.call('HSET', KEYS[3], me, mine + 1, '@', mine + 1)
redis.call('ZREM', KEYS[2], me)
-- Whoever waits for its slot is still in line, and so comes next again when it is back at once.
if slot > now then redis.call('ZADD', KEYS[2], slot - 580, me) end
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], longest + 60000) end
return {math.ceil(slot - now), grant}
"""


class Slot:
    """The moment at which one call may leave; without a time, now and whenever."""

    def __init__(
        self,
        at_s: float | None = None,
        give_back: Callable[[], None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``at_s`` by this process's monotonic clock."""
        self._at_s = at_s
        self.give_back = give_back
        self._sleep = sleep

    def has_come(self) -> bool:
        """Sleep until the moment. False when it was missed and given back: a late call would come too close to the
        next one."""
        if self._at_s is None:
            return True
        if (left_s := self._at_s - time.monotonic()) > 0:
            self._sleep(left_s)
        if time.monotonic() - self._at_s <= _LATE_S:
            return True
        self.give_back()
        return False


class RateLimiter:
    """Lets calls of one campaign to one provider key through, as its limits and the other campaigns allow."""

    def __init__(
        self,
        redis: Redis | None,
        name: str,
        endpoint: Endpoint,
        campaign: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._account = f"limit:{name}:{endpoint.fingerprint}"
        self._keys = [f"{self._account}:{part}" for part in ("grants", "waiting", "turns", "slow")]
        self._redis = redis
        self._script: Any = redis.register_script(_SCRIPT) if redis else None
        self._limits = endpoint.limits
        self._campaign = campaign
        self._sleep = sleep
        self._turn = threading.Lock()

    def acquire(self, stop: Callable[[], None]) -> None:
        """Return when the next call may leave; ``stop`` is asked while waiting and raises when there is no point."""
        while not self.book(stop).has_come():
            stop()

    def book(self, stop: Callable[[], None]) -> Slot:
        """The moment for the next call, once it is less than ``AHEAD_S`` away; ``stop`` as for ``acquire``."""
        if not self._limits:
            return Slot()
        while not self._turn.acquire(timeout=0.5):
            stop()
        try:
            slot = self._by_redis(stop)
            if slot is None:
                self._by_postgres(stop)
            return slot or Slot()
        finally:
            self._turn.release()

    def book_now(self) -> Slot | None:
        """As ``book``, without waiting: None when there is none so soon."""
        if not self._limits or self._script is None:
            return Slot()
        with suppress(RedisError):
            return self._asked()[0]
        return Slot()

    def slow_down(self) -> None:
        """The provider found us too fast: keep a wider margin for a while."""
        if self._redis is not None:
            with suppress(RedisError):
                self._redis.set(self._keys[3], "1", ex=_WIDE_FOR_S)

    def _by_redis(self, stop: Callable[[], None]) -> Slot | None:
        """A slot, or None when Redis is away."""
        while self._script is not None:
            try:
                slot, wait_s = self._asked()
            except RedisError:
                break
            if slot:
                return slot
            stop()
            self._sleep(min(wait_s, _LOOK_S))
        return None

    def _asked(self) -> tuple[Slot | None, float]:
        """A slot, or how long it takes until it is worth asking again."""
        wait_ms, grant = self._script(keys=self._keys, args=self._arguments())
        wait_s = int(wait_ms) / 1000
        if not int(grant):
            return None, wait_s
        return Slot(time.monotonic() + wait_s, lambda: self._give_back(int(grant)), self._sleep), 0.0

    def _give_back(self, grant: int) -> None:
        with suppress(RedisError):
            if self._redis is not None and self._redis.zrem(self._keys[0], grant):
                self._redis.hincrby(self._keys[2], self._campaign, -1)

    def _by_postgres(self, stop: Callable[[], None]) -> None:
        """Every call waits before it leaves, alone in the installation: whatever left before, by whatever clock."""
        left = max((limit.window_s + _MARGIN_S) / limit.calls for limit in self._limits)
        with transaction(Role.SYSTEM) as conn:
            while left > 0:
                stop()
                has_turn = locks.try_turn_lock(conn, self._account)
                pause_s = min(left, _LOOK_S) if has_turn else _LOOK_S
                self._sleep(pause_s)
                left -= pause_s if has_turn else 0

    def _arguments(self) -> list[str | float]:
        windows = [item for limit in self._limits for item in (limit.calls, limit.window_s * 1000)]
        margins = [_MARGIN_S * 1000, _WIDE_MARGIN_S * 1000]
        return [
            self._campaign,
            _spacing_s(self._limits) * 1000,
            *margins,
            _head_start(self._limits),
            AHEAD_S * 1000,
            *windows,
        ]


def _spacing_s(limits: tuple[RateLimit, ...]) -> float:
    """The shortest time between two calls: a burst may fill a window in a quarter of it. All at once, they would hold
    up each other on their way, and arrive closer to those of the next window than they left."""
    shortest = min(limits, key=lambda limit: limit.window_s)
    return shortest.window_s / shortest.calls / 4


def _head_start(limits: tuple[RateLimit, ...]) -> int:
    """The calls of a second: so many a campaign may be behind the others when it joins them."""
    return max(1, int(min(limit.calls / limit.window_s for limit in limits)))
