"""Rate limits and breakers that all workers share, on the real Redis and without it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import cast

import pytest
import redis

from jobs.breaker import Breaker
from jobs.call_policy import CallPolicy
from jobs.rate_limit import AHEAD_S, RateLimiter, Slot
from pipeline.errors import BudgetReached, Cancelled, SourceError
from pipeline.money.calls import Endpoint, RateLimit
from tests.support.servers import Database
from tests.support.workers import eventually

ENDPOINT = Endpoint(base_url="http://finder.test", key="canary-key-of-nobody")


def test_without_redis_all_workers_together_keep_the_limit(database: Database, redis_url: str) -> None:
    """One let through by Redis before it went away, then two workers that can only ask Postgres."""
    endpoint = Endpoint(base_url=database.superuser_url, limits=(RateLimit(calls=1, window_s=0.2),))
    grants: list[float] = []

    def worker(client: redis.Redis | None, calls: int) -> None:
        limiter = RateLimiter(client, "nominatim", endpoint, "one")
        for _ in range(calls):
            limiter.acquire(lambda: None)
            grants.append(time.monotonic())

    with (
        redis.Redis.from_url(redis_url) as here,
        redis.Redis(port=9) as away,
        ThreadPoolExecutor(2) as threads,
    ):
        worker(here, 1)
        list(threads.map(worker, (away, None), (4, 4)))
    assert len(grants) == 9
    grants.sort()
    assert all(later - first >= 0.2 for first, later in pairwise(grants))


def test_a_turn_in_postgres_is_given_up_when_there_is_no_point(database: Database) -> None:
    endpoint = Endpoint(base_url=database.superuser_url, limits=(RateLimit(calls=1, window_s=3600),))

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        RateLimiter(None, "nominatim", endpoint, "one").acquire(stop)


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


def test_a_head_start_is_made_up_for_by_a_second_of_calls_and_no_more(redis_url: str) -> None:
    """However much an older campaign was served, one that joins goes first for the calls of one second."""
    endpoint = Endpoint(base_url="x", limits=(RateLimit(calls=5, window_s=1),))
    order: list[str] = []
    with redis.Redis.from_url(redis_url) as client:
        old, young = (RateLimiter(client, "hunter", endpoint, name) for name in ("old", "young"))
        for _ in range(12):
            old.acquire(lambda: None)

        def ask(limiter: RateLimiter, name: str) -> None:
            for _ in range(9):
                limiter.acquire(lambda: None)
                order.append(name)

        # The young one joins in a moment in which the old one does not wait.
        young.acquire(lambda: None)
        order.append("young")
        with ThreadPoolExecutor(2) as threads:
            for asked in [threads.submit(ask, old, "old"), threads.submit(ask, young, "young")]:
                asked.result()
    lead = [order[: n + 1].count("young") - order[: n + 1].count("old") for n in range(len(order))]
    assert 3 <= max(lead) <= 6


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
        hasty = Breaker(client, "hunter", ENDPOINT, max_wait_s=0)
        for _ in range(5):
            patient.failed()
        with pytest.raises(SourceError, match="did not answer"):
            hasty.wait("Hunter", lambda: None, said.append)
        assert said == ["Hunter", None]
        patient.wait("Hunter", lambda: None, said.append)
        # One is trying; until it knows, the others go on waiting.
        with pytest.raises(SourceError):
            hasty.wait("Hunter", lambda: None, said.append)
        # It did not try after all.
        patient.not_tried()
        hasty.wait("Hunter", lambda: None, said.append)
        patient.succeeded()
        hasty.wait("Hunter", lambda: None, said.append)


def test_a_campaign_waits_for_a_provider_as_long_as_one_of_its_calls_does(
    database: Database, redis_url: str
) -> None:
    said: list[str | None] = []
    sleeping: list[str] = ["first"]
    with redis.Redis.from_url(redis_url) as client:

        def while_waiting(_seconds: float) -> None:
            """A second call comes to wait while the first does, and is given up before it."""
            if sleeping.pop() == "second":
                sleeping.append("in vain")
                return
            sleeping.append("second")
            with pytest.raises(BudgetReached):
                policy.wait_turn("hunter", in_vain)
            assert said == ["Hunter"]
            breaker.succeeded()

        def in_vain() -> None:
            if sleeping == ["in vain"]:
                raise BudgetReached

        breaker = Breaker(client, "hunter", ENDPOINT, sleep=while_waiting)
        for _ in range(5):
            breaker.failed()
        policy = CallPolicy({}, {"hunter": breaker}, stop=lambda: None, say=said.append)
        policy.wait_turn("hunter")
    assert said == ["Hunter", None]


def test_failures_with_answers_between_them_open_nothing(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        breaker = Breaker(client, "hunter", ENDPOINT)
        for _ in range(4):
            breaker.failed()
        assert 0 < cast(int, client.pttl(f"breaker:hunter:{ENDPOINT.fingerprint}:failures")) <= 30_000
        breaker.succeeded()
        breaker.failed()
        assert not breaker.is_open()


def test_a_provider_that_wants_a_pause_gets_it_from_every_worker(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        Breaker(client, "hunter", ENDPOINT).rest(60)
        other = Breaker(client, "hunter", ENDPOINT, max_wait_s=0)
        assert other.is_open()
        with pytest.raises(SourceError):
            other.wait("Hunter", lambda: None, lambda _: None)
        # An answer to a call that left before does not end the pause.
        other.succeeded()
        assert other.is_open()
        Breaker(client, "hunter", ENDPOINT).rest(0.05)
        patient = Breaker(client, "hunter", ENDPOINT)
        patient.wait("Hunter", lambda: None, lambda _: None)
        assert not patient.is_open()


def test_calls_that_waited_for_the_limit_do_not_leave_when_the_breaker_has_opened(
    database: Database, redis_url: str
) -> None:
    """The limit lets a call through; by then others have found out that the provider is down."""
    with redis.Redis.from_url(redis_url) as client:
        breaker = Breaker(client, "hunter", ENDPOINT, open_s=60, max_wait_s=0)

        class Slow(RateLimiter):
            """A limit that the breaker opens during."""

            def book(self, stop: Callable[[], None]) -> Slot:
                for _ in range(5):
                    breaker.failed()
                return Slot()

        policy = CallPolicy(
            {"hunter": Slow(client, "hunter", ENDPOINT, "one")},
            {"hunter": breaker},
            stop=lambda: None,
            say=lambda _: None,
        )
        with pytest.raises(SourceError, match="did not answer"):
            policy.wait_turn("hunter")


def test_a_campaign_that_ends_in_line_leaves_the_next_one_to_try_a_provider(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        breaker = Breaker(client, "hunter", ENDPOINT, open_s=0.001, max_wait_s=0)

        class Ended(RateLimiter):
            """A limit in whose line the campaign is cancelled."""

            def book(self, stop: Callable[[], None]) -> Slot:
                raise Cancelled

        def policy(limiters: dict[str, RateLimiter]) -> CallPolicy:
            return CallPolicy(limiters, {"hunter": breaker}, stop=lambda: None, say=lambda _: None)

        for _ in range(5):
            breaker.failed()
        eventually(lambda: not breaker.is_open(), "the moment in which one call may try")
        with pytest.raises(Cancelled):
            policy({"hunter": Ended(client, "hunter", ENDPOINT, "one")}).wait_turn("hunter")
        assert policy({}).wait_turn("hunter").has_come()


def test_a_slot_that_was_missed_is_given_back_and_can_be_had_again(redis_url: str) -> None:
    endpoint = Endpoint(base_url="x", limits=(RateLimit(calls=1, window_s=3600),))
    with redis.Redis.from_url(redis_url) as client:
        limiter = RateLimiter(client, "hunter", endpoint, "one")
        slot = limiter.book(lambda: None)
        assert limiter.book_now() is None
        slot.give_back()
        slot.give_back()
        again = limiter.book_now()
        assert again is not None
        assert again.has_come()
        assert limiter.book_now() is None
        turns = f"limit:hunter:{endpoint.fingerprint}:turns"
        assert client.hget(turns, "one") == b"1"


def test_a_late_thread_does_not_use_its_slot() -> None:
    given_back: list[bool] = []
    assert not Slot(time.monotonic() - 1, lambda: given_back.append(True)).has_come()
    assert given_back == [True]
    slept: list[float] = []
    assert Slot(time.monotonic() + 60, lambda: given_back.append(False), slept.append).has_come()
    assert slept
    assert given_back == [True]


def test_a_slot_is_granted_shortly_before_its_moment(redis_url: str) -> None:
    """Soon enough to commit an intent meanwhile, and never so early that money waits for long."""
    endpoint = Endpoint(base_url="x", limits=(RateLimit(calls=2, window_s=1),))
    with redis.Redis.from_url(redis_url) as client:
        limiter = RateLimiter(client, "hunter", endpoint, "one")
        # The third is a whole window away.
        assert all(limiter.book_now() for _ in range(2))
        assert limiter.book_now() is None
        grants = client.zrange(f"limit:hunter:{endpoint.fingerprint}:grants", 0, -1, withscores=True)
        first, second = sorted(at for _, at in cast(list[tuple[bytes, float]], grants))
        assert 125 <= second - first <= AHEAD_S * 1000
