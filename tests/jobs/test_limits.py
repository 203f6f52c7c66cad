"""Rate limits and breakers that all workers share, on the real Redis and without it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
import redis

from jobs.breaker import Breaker
from jobs.rate_limit import RateLimiter
from pipeline.calls import Endpoint, RateLimit
from pipeline.errors import Cancelled, ProviderGone

ENDPOINT = Endpoint(base_url="http://finder.test", key="canary-key-of-nobody")


class Clock:
    """Time that only passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


LIMITS = (RateLimit(calls=15, window_s=1), RateLimit(calls=40, window_s=60))


def test_without_redis_the_windows_hold_on_the_workers_own_clock() -> None:
    clock, grants = Clock(), []
    endpoint = Endpoint(base_url="x", limits=LIMITS)
    limiter = RateLimiter(None, "hunter", endpoint, "one", sleep=clock.sleep, clock=clock)
    for _ in range(100):
        limiter.acquire(lambda: None)
        grants.append(clock.now)
    for calls, window_s in ((15, 1.0), (40, 60.0)):
        assert all(later - first >= window_s for first, later in zip(grants, grants[calls:], strict=False))


def test_the_shared_windows_hold_for_two_campaigns_that_take_turns(redis_url: str) -> None:
    endpoint = Endpoint(base_url="x", key="canary-key-of-nobody", limits=(RateLimit(calls=10, window_s=0.2),))
    client = redis.Redis.from_url(redis_url)
    order: list[str] = []

    def campaign(name: str) -> None:
        limiter = RateLimiter(client, "hunter", endpoint, name)
        for _ in range(30):
            limiter.acquire(lambda: None)
            order.append(name)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(campaign, ("one", "two")))
    keys = list(client.scan_iter())
    (name,) = [key for key in keys if key.endswith(b":grants")]
    grants = sorted(
        at for _, at in cast(list[tuple[bytes, float]], client.zrange(name, 0, -1, withscores=True))
    )
    assert all(later - first >= 200 for first, later in zip(grants, grants[10:], strict=False))
    # Turns: however far they are, the two stay close together.
    ahead = [order[: n + 1].count("one") - order[: n + 1].count("two") for n in range(50)]
    assert max(map(abs, ahead)) <= 4
    assert not [key for key in keys if b"canary" in key]
    client.close()


def test_a_campaign_that_waits_is_stopped_in_its_wait(redis_url: str) -> None:
    endpoint = Endpoint(base_url="x", limits=(RateLimit(calls=1, window_s=3600),))
    with redis.Redis.from_url(redis_url) as client:
        limiter = RateLimiter(client, "hunter", endpoint, "one")
        limiter.acquire(lambda: None)

        def stop() -> None:
            raise Cancelled

        with pytest.raises(Cancelled):
            limiter.acquire(stop)


def test_a_provider_that_keeps_failing_is_left_alone_and_then_tried_by_one(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        said: list[str | None] = []
        patient = Breaker(client, "hunter", ENDPOINT, open_s=0.2)
        hasty = Breaker(client, "hunter", ENDPOINT, patience_s=0)
        for _ in range(5):
            patient.failed()
        with pytest.raises(ProviderGone, match="did not answer"):
            hasty.wait("Hunter", lambda: None, said.append)
        assert said == ["Hunter", None]
        patient.wait("Hunter", lambda: None, said.append)
        # One is trying; until it knows, the others go on waiting.
        with pytest.raises(ProviderGone):
            hasty.wait("Hunter", lambda: None, said.append)
        patient.succeeded()
        hasty.wait("Hunter", lambda: None, said.append)
