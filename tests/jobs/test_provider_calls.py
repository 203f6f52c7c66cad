"""The ledger and the manners around every paid call, on the real database and the real Redis."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal

import psycopg2
import pytest
import redis

import settings
from jobs.breaker import FAILURES, Breaker
from jobs.call_policy import MOST_LOST
from jobs.provider_calls import StoredCalls
from jobs.rate_limit import RateLimiter, Slot
from pipeline.campaign import CampaignStatus
from pipeline.causes import Billed, Cause
from pipeline.errors import BudgetReached, Cancelled, Draining, LeaseLost, SourceError
from pipeline.money.calls import Answer, Call, Endpoint, Reply
from services import campaigns
from services.identity import Person
from store import known_companies, leases, ledger, progress
from store.database import Role, transaction
from store.leases import Lease
from store.progress import End
from tests.support.campaigns import SPEC, claimed, submitted
from tests.support.invariants import THREADS
from tests.support.people import person
from tests.support.servers import Database, rows
from tests.support.workers import eventually

PRICE = 10_000
ENDPOINT = Endpoint(base_url="http://finder.test", key="canary-key-of-nobody")
AWAY = SourceError(Cause.BUSY, "The finder")
LOST = SourceError(Cause.BROKEN_OFF, "The finder", billed=Billed.UNKNOWN)


@pytest.fixture
def owner(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Somebody whose sums follow from the ledger whatever the test did; nobody renews a lease here."""
    monkeypatch.setenv("LEASE_S", "300")
    settings.get.cache_clear()
    yield person("owner")
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []


def lease_of(owner: Person, budget: str = "1") -> Lease:
    return claimed(owner, submitted(owner, SPEC.model_copy(update={"budget_usd": Decimal(budget)})))


def calls_of(lease: Lease, draining: threading.Event | None = None) -> StoredCalls:
    return StoredCalls(
        lease, {"hunter": ENDPOINT}, {}, {}, draining or threading.Event(), sleep=lambda _: None
    )


def look_up(domain: str, **more: object) -> Call:
    given: dict[str, object] = {
        "provider": "hunter",
        "operation": "domain_search",
        "arguments": {"domain": domain},
        "price_micros": PRICE,
    }
    return Call(**(given | more))  # type: ignore[arg-type]


def answer(cost: int = PRICE, **more: object) -> Callable[[], Answer]:
    return lambda: Answer(http_status=200, body={"emails": []}, cost_micros=cost, **more)  # type: ignore[arg-type]


def failing(error: SourceError) -> Callable[[], Answer]:
    def send() -> Answer:
        raise error

    return send


def money(owner: Person, lease: Lease) -> tuple[int, int]:
    view = campaigns.get(owner, lease.campaign_id)
    return view.spent_micros, view.uncertain_micros


def test_the_intent_is_committed_before_anything_is_sent(owner: Person, database: Database) -> None:
    lease = lease_of(owner)
    seen: list[object] = []

    def send() -> Answer:
        seen.extend(rows(database.superuser_url, "select state, price_micros from provider_calls"))
        return answer()()

    calls_of(lease).ask(look_up("a.test"), send)
    assert seen == [("intent", PRICE)]
    assert money(owner, lease) == (PRICE, 0)


def test_an_answer_that_is_held_is_not_asked_for_again_even_by_the_next_worker(owner: Person) -> None:
    lease = lease_of(owner)
    first = calls_of(lease).ask(look_up("a.test"), answer(cost=4000))
    again = calls_of(lease).ask(look_up("a.test"), failing(LOST))
    assert (again.body, again.cost_micros) == (first.body, 4000)
    assert money(owner, lease) == (4000, 0)


def test_an_answer_kept_for_everybody_saves_the_next_campaign_its_price(owner: Person) -> None:
    one, two = lease_of(owner), lease_of(owner)
    calls_of(one).ask(look_up("a.test", keep_days=30), answer())
    reply = calls_of(two).ask(look_up("a.test", keep_days=30), failing(LOST))
    assert (reply.cost_micros, reply.saved_micros) == (0, PRICE)
    assert money(owner, two) == (0, 0)
    assert campaigns.get(owner, two.campaign_id).saved_micros == PRICE


def refreshing(lease: Lease) -> StoredCalls:
    """The calls of a campaign that uses no answer from before it was ordered."""
    with transaction(Role.WORKER, lease=lease) as conn:
        since = known_companies.placed_at(conn, lease)
    return StoredCalls(
        lease, {"hunter": ENDPOINT}, {}, {}, threading.Event(), since=since, sleep=lambda _: None
    )


def test_a_campaign_that_refreshes_buys_a_held_answer_anew_and_once(owner: Person) -> None:
    kept = look_up("a.test", keep_days=30)
    calls_of(lease_of(owner)).ask(kept, answer())
    two = lease_of(owner)
    assert refreshing(two).held(kept) is None
    reply = refreshing(two).ask(kept, answer(cost=4000))
    assert (reply.cost_micros, reply.saved_micros) == (4000, 0)
    # Whoever goes on with it has the answer, by itself and among many.
    assert refreshing(two).ask(kept, failing(LOST)).cost_micros == 4000
    assert [held.cost_micros for _, held in refreshing(two).take([kept]).held] == [4000]
    assert money(owner, two) == (4000, 0)


def test_what_came_since_it_was_ordered_is_used_by_a_campaign_that_refreshes(owner: Person) -> None:
    kept, two = look_up("a.test", keep_days=30), lease_of(owner)
    calls_of(lease_of(owner)).ask(kept, answer())
    assert refreshing(two).ask(kept, failing(LOST)).saved_micros == PRICE
    assert money(owner, two) == (0, 0)


def test_a_lost_answer_is_not_asked_for_again_by_a_campaign_that_refreshes(owner: Person) -> None:
    kept = look_up("a.test", keep_days=30)
    calls_of(lease_of(owner)).ask(kept, answer())
    two = lease_of(owner)
    for _ in range(2):
        with pytest.raises(SourceError):
            refreshing(two).ask(kept, failing(LOST))
    assert money(owner, two) == (PRICE, PRICE)


def test_two_campaigns_that_refresh_ask_the_same_question_once(owner: Person) -> None:
    kept = look_up("a.test", keep_days=30)
    calls_of(lease_of(owner)).ask(kept, answer())
    leases_, begun, go_on = [lease_of(owner) for _ in range(2)], threading.Event(), threading.Event()

    def slow() -> Answer:
        begun.set()
        assert go_on.wait(10)
        return answer()()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(refreshing(leases_[0]).ask, kept, slow)
        assert begun.wait(10)
        second = pool.submit(refreshing(leases_[1]).ask, kept, failing(LOST))
        go_on.set()
        assert (first.result().cost_micros, second.result().saved_micros) == (PRICE, PRICE)
    assert [money(owner, lease) for lease in leases_] == [(PRICE, 0), (0, 0)]


def test_a_search_that_is_held_is_used_by_a_campaign_that_refreshes(owner: Person) -> None:
    search = look_up("a.test", keep_days=30, provider="overpass", price_micros=0)
    endpoints, none = {"overpass": ENDPOINT}, threading.Event()
    StoredCalls(lease_of(owner), endpoints, {}, {}, none, sleep=lambda _: None).ask(search, answer(cost=0))
    two = lease_of(owner)
    with transaction(Role.WORKER, lease=two) as conn:
        since = known_companies.placed_at(conn, two)
    anew = StoredCalls(two, endpoints, {}, {}, none, since=since, sleep=lambda _: None)
    assert anew.ask(search, failing(LOST)).body == {"emails": []}


def test_an_answer_that_may_not_be_kept_is_not(owner: Person) -> None:
    one, two = lease_of(owner), lease_of(owner)
    calls_of(one).ask(look_up("a.test"), answer())
    assert calls_of(two).ask(look_up("a.test"), answer()).cost_micros == PRICE


def test_twenty_threads_never_spend_more_than_the_budget(owner: Person) -> None:
    lease = lease_of(owner, "0.075")
    calls = calls_of(lease)

    def one(number: int) -> bool:
        try:
            calls.ask(look_up(f"{number}.test"), answer())
        except BudgetReached:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        paid = sum(threads.map(one, range(20)))
    assert paid == 7
    assert money(owner, lease) == (70_000, 0)


def test_two_threads_with_one_question_ask_it_once(owner: Person) -> None:
    calls, sent = calls_of(lease_of(owner)), []

    def send() -> Answer:
        sent.append(1)
        return answer()()

    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda _: calls.ask(look_up("a.test"), send), range(8)))
    assert len(sent) == 1
    assert {reply.cost_micros for reply in replies} == {PRICE}


def test_what_failed_for_nothing_costs_nothing_and_is_repeated(owner: Person) -> None:
    lease, tries = lease_of(owner), []

    def send() -> Answer:
        tries.append(1)
        if len(tries) < 3:
            raise AWAY
        return answer()()

    assert calls_of(lease).ask(look_up("a.test"), send).cost_micros == PRICE
    assert (len(tries), money(owner, lease)) == (3, (PRICE, 0))


def test_repeats_end(owner: Person) -> None:
    lease, tries = lease_of(owner), []

    def send() -> Answer:
        tries.append(1)
        raise AWAY

    with pytest.raises(SourceError, match="try later"):
        calls_of(lease).ask(look_up("a.test"), send)
    assert (len(tries), money(owner, lease)) == (4, (0, 0))


def test_what_may_have_been_billed_counts_and_is_not_repeated(owner: Person) -> None:
    lease = lease_of(owner)
    for _ in range(2):
        with pytest.raises(SourceError) as caught:
            calls_of(lease).ask(look_up("a.test"), failing(LOST))
        assert caught.value.billed is Billed.UNKNOWN
    assert money(owner, lease) == (PRICE, PRICE)


def test_an_uncertain_search_is_repeated_and_both_are_counted(owner: Person) -> None:
    lease = lease_of(owner)
    search = look_up("a.test", repeatable=True)
    with pytest.raises(SourceError):
        calls_of(lease).ask(search, failing(LOST))
    assert money(owner, lease) == (2 * PRICE, 2 * PRICE)
    calls_of(lease).ask(search, answer())
    assert money(owner, lease) == (3 * PRICE, 2 * PRICE)


def test_a_search_is_asked_again_at_once_within_the_budget(owner: Person) -> None:
    lease, tries = lease_of(owner), []

    def send() -> Answer:
        tries.append(1)
        if len(tries) == 1:
            raise LOST
        return answer()()

    assert calls_of(lease).ask(look_up("a.test", repeatable=True), send).cost_micros == PRICE
    assert (len(tries), money(owner, lease)) == (2, (2 * PRICE, PRICE))
    short = lease_of(owner, "0.015")
    with pytest.raises(BudgetReached):
        calls_of(short).ask(look_up("a.test", repeatable=True), failing(LOST))
    assert money(owner, short) == (PRICE, PRICE)


def test_a_call_whose_worker_died_is_uncertain_for_the_next(owner: Person, database: Database) -> None:
    lease = lease_of(owner)
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.begin(conn, lease, look_up("a.test"), 1)
    later = next_lease(lease, database)
    with pytest.raises(SourceError, match="interrupted"):
        calls_of(later).ask(look_up("a.test"), answer())
    assert money(owner, lease) == (PRICE, PRICE)


def next_lease(lease: Lease, database: Database) -> Lease:
    """The worker went silent and another one took over."""
    conn = psycopg2.connect(database.superuser_url)
    with conn, conn.cursor() as cursor:
        cursor.execute("update discovery_jobs set lease_until = now() - interval '1 second'")
    conn.close()
    with transaction(Role.WORKER) as session:
        found = leases.claim(session, lease.job_id, lease.attempt, "another")
    assert found is not None
    return found


def test_a_worker_that_lost_its_lease_cannot_send(owner: Person, database: Database) -> None:
    lease = lease_of(owner)
    calls, sent = calls_of(lease), []
    next_lease(lease, database)
    with pytest.raises(LeaseLost):
        calls.ask(look_up("a.test"), lambda: sent.append(1) or answer()())  # type: ignore[func-returns-value]
    assert sent == []


def test_the_late_answer_of_a_lost_worker_is_accepted(owner: Person, database: Database) -> None:
    lease = lease_of(owner)
    taken: list[Lease] = []

    def send() -> Answer:
        taken.append(next_lease(lease, database))
        with pytest.raises(SourceError):
            calls_of(taken[0]).ask(look_up("a.test"), answer())
        return answer(cost=3000)()

    calls_of(lease).ask(look_up("a.test"), send)
    assert money(owner, lease) == (3000, 0)
    assert calls_of(taken[0]).ask(look_up("a.test"), failing(LOST)).cost_micros == 3000


def test_the_end_of_a_campaign_turns_open_calls_into_uncertain_ones(owner: Person) -> None:
    lease = lease_of(owner)
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.begin(conn, lease, look_up("a.test"), 1)
    with transaction(Role.SYSTEM) as conn:
        progress.finish(
            conn, lease.workspace_id, lease.job_id, End(status=CampaignStatus.FAILED, message="The end.")
        )
    assert money(owner, lease) == (PRICE, PRICE)


def test_a_cancelled_campaign_and_a_draining_worker_send_nothing_more(owner: Person) -> None:
    lease, draining, sent = lease_of(owner), threading.Event(), []
    calls = calls_of(lease, draining)

    def send() -> Answer:
        sent.append(1)
        return answer()()

    draining.set()
    with pytest.raises(Draining):
        calls.ask(look_up("a.test"), send)
    draining.clear()
    campaigns.cancel(owner, lease.campaign_id)
    with pytest.raises(Cancelled):
        calls.ask(look_up("b.test"), send)
    assert sent == []


def test_a_refused_key_stops_the_provider_and_tells_the_administrator(
    owner: Person, database: Database
) -> None:
    calls, sent = calls_of(lease_of(owner)), []

    def send() -> Answer:
        sent.append(1)
        raise SourceError(Cause.KEY_REFUSED, "Hunter")

    for domain in ("a.test", "b.test", "c.test"):
        with pytest.raises(SourceError):
            calls.ask(look_up(domain), send)
    assert len(sent) == 1
    assert rows(database.superuser_url, "select provider, state from provider_status") == [
        ("hunter", "refused")
    ]


def test_a_provider_that_keeps_failing_is_waited_for_and_told_so(
    owner: Person, database: Database, redis_url: str
) -> None:
    lease, told = lease_of(owner), []
    with redis.Redis.from_url(redis_url) as client:

        def while_waiting(_seconds: float) -> None:
            states = rows(database.superuser_url, "select state from provider_status")
            told.append((campaigns.get(owner, lease.campaign_id).waiting_for, states))
            breaker.succeeded()

        breaker = Breaker(client, "hunter", ENDPOINT, sleep=while_waiting)
        for _ in range(FAILURES):
            breaker.failed()
        calls = StoredCalls(lease, {"hunter": ENDPOINT}, {}, {"hunter": breaker}, threading.Event())
        calls.ask(look_up("a.test"), answer())
    assert told == [("Hunter", [("waiting",)])]
    assert campaigns.get(owner, lease.campaign_id).waiting_for is None
    assert rows(database.superuser_url, "select state from provider_status") == [("ok",)]


def test_nobody_waits_for_a_provider_that_the_budget_does_not_pay(owner: Person, redis_url: str) -> None:
    lease = lease_of(owner, "0.01")
    with redis.Redis.from_url(redis_url) as client:

        def never(_seconds: float) -> None:
            raise AssertionError("there is nothing to wait for")

        breaker = Breaker(client, "hunter", ENDPOINT, sleep=never)
        calls = StoredCalls(lease, {"hunter": ENDPOINT}, {}, {"hunter": breaker}, threading.Event())
        calls.ask(look_up("a.test"), answer())
        for _ in range(FAILURES):
            breaker.failed()
        with pytest.raises(BudgetReached):
            calls.ask(look_up("b.test"), answer())
    assert campaigns.get(owner, lease.campaign_id).waiting_for is None


def test_a_trial_that_the_budget_did_not_pay_leaves_the_next_call_to_try(
    owner: Person, redis_url: str
) -> None:
    poor, rich = lease_of(owner, "0.01"), lease_of(owner)
    with redis.Redis.from_url(redis_url) as client:
        breaker = Breaker(client, "hunter", ENDPOINT, open_s=0.001, max_wait_s=0)
        for _ in range(FAILURES):
            breaker.failed()
        eventually(lambda: not breaker.is_open(), "the moment in which one call may try")

        def calls(lease: Lease) -> StoredCalls:
            return StoredCalls(lease, {"hunter": ENDPOINT}, {}, {"hunter": breaker}, threading.Event())

        with pytest.raises(BudgetReached):
            calls(poor).ask(look_up("a.test", price_micros=2 * PRICE), answer())
        assert calls(rich).ask(look_up("b.test"), answer()).cost_micros == PRICE


def test_a_fault_of_ours_after_sending_may_have_been_billed(owner: Person) -> None:
    lease = lease_of(owner)

    def send() -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        calls_of(lease).ask(look_up("a.test"), send)
    assert money(owner, lease) == (PRICE, PRICE)


def test_a_call_that_was_spared_is_money_saved_once(owner: Person) -> None:
    lease = lease_of(owner)
    for _ in range(2):
        calls_of(lease).spare(look_up("a.test", subject="x"), "free check")
    assert campaigns.get(owner, lease.campaign_id).saved_micros == PRICE


def test_what_a_stand_in_said_stays_simulated_for_the_next_campaign(owner: Person) -> None:
    calls = calls_of(lease_of(owner))
    calls.simulated()
    calls.remember(look_up("anchor.test", keep_days=30), {"result": "valid"})
    after = lease_of(owner)
    assert calls_of(after).held(look_up("anchor.test", keep_days=30))
    assert campaigns.get(owner, after.campaign_id).simulated


def test_affordable_counts_what_is_left(owner: Person) -> None:
    lease = lease_of(owner, "0.045")
    calls = calls_of(lease)
    calls.ask(look_up("a.test"), answer())
    assert calls.affordable(PRICE) == 3
    assert calls.affordable(0) > 1000


def test_being_too_fast_opens_no_breaker(owner: Person, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        breaker = Breaker(client, "hunter", ENDPOINT, max_wait_s=0)
        lease = lease_of(owner)
        calls = StoredCalls(
            lease,
            {"hunter": ENDPOINT},
            {},
            {"hunter": breaker},
            threading.Event(),
            sleep=lambda _: None,
        )
        for number in range(3):
            with pytest.raises(SourceError):
                calls.ask(look_up(f"{number}.test"), failing(SourceError(Cause.TOO_FAST, "The finder")))
        assert calls.ask(look_up("last.test"), answer()).cost_micros == PRICE


def fails_once() -> Callable[[], Answer]:
    left = [AWAY]

    def send() -> Answer:
        if left:
            raise left.pop()
        return answer()()

    return send


def test_a_long_outage_does_not_use_up_the_repeats_of_what_comes_after(owner: Person) -> None:
    calls = calls_of(lease_of(owner))
    for number in range(40):
        with pytest.raises(SourceError, match="try later"):
            calls.ask(look_up(f"down-{number}.test"), failing(AWAY))
    # Another provider is none of it.
    osm = Call(provider="nominatim", operation="search", arguments={"q": "town"})
    assert calls.ask_free(osm, fails_once()).found
    for number in range(20):
        calls.ask(look_up(f"up-{number}.test"), answer(0))
    assert calls.ask(look_up("again.test"), fails_once()).cost_micros == PRICE


def test_money_that_is_only_reserved_is_waited_for(owner: Person) -> None:
    """The budget pays for one look-up at a time; the first finds nothing and so costs nothing."""
    lease, turns = lease_of(owner, "0.01"), threading.Semaphore(0)

    class Counted(RateLimiter):
        """A limit that says when somebody has come to it."""

        def book(self, stop: Callable[[], None]) -> Slot:
            turns.release()
            return Slot()

    limit = Counted(None, "hunter", ENDPOINT, "one")
    calls = StoredCalls(lease, {"hunter": ENDPOINT}, {"hunter": limit}, {}, threading.Event())
    with ThreadPoolExecutor(1) as threads:

        def slow() -> Answer:
            second.append(threads.submit(calls.ask, look_up("second.test"), answer()))
            # Its own turn, the other's, and the other's once more: it was refused the money and still waits.
            for _ in range(3):
                assert turns.acquire(timeout=20)
            return answer(0)()

        second: list[Future[Reply]] = []
        assert calls.ask(look_up("first.test"), slow).cost_micros == 0
        assert second[0].result(timeout=20).cost_micros == PRICE
    with pytest.raises(BudgetReached):
        calls.ask(look_up("third.test"), answer())


def test_two_leads_that_share_an_uncertain_look_up_bear_its_cost_once(owner: Person) -> None:
    calls = calls_of(lease_of(owner))
    with pytest.raises(SourceError) as first:
        calls.ask(look_up("anchor.test", subject="osm:node/1"), failing(LOST))
    with pytest.raises(SourceError) as second:
        calls.ask(look_up("anchor.test", subject="osm:node/2"), failing(LOST))
    assert (first.value.subject, second.value.subject) == (None, "osm:node/1")
    assert second.value.billed is Billed.UNKNOWN


def test_a_late_answer_does_not_hide_a_refused_key(owner: Person, database: Database) -> None:
    calls = calls_of(lease_of(owner))
    refused = SourceError(Cause.KEY_REFUSED, "The finder")

    def slow() -> Answer:
        with pytest.raises(SourceError):
            calls.ask(look_up("second.test"), failing(refused))
        return answer()()

    calls.ask(look_up("first.test"), slow)
    assert rows(database.superuser_url, "select state from provider_status where provider = 'hunter'") == [
        ("refused",)
    ]


@pytest.mark.parametrize(
    ("error", "is_open"),
    [
        (SourceError(Cause.NOT_ACCEPTED, "The finder"), False),
        (SourceError(Cause.TOO_FAST, "The finder"), False),
        (LOST, True),
    ],
)
def test_a_provider_that_refuses_one_question_is_there(
    error: SourceError, is_open: bool, owner: Person, redis_url: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        breaker = Breaker(client, "hunter", ENDPOINT, open_s=60)
        for _ in range(4):
            breaker.failed()
        calls = StoredCalls(
            lease_of(owner),
            {"hunter": ENDPOINT},
            {},
            {"hunter": breaker},
            threading.Event(),
            sleep=lambda _: None,
        )
        with pytest.raises(SourceError):
            calls.ask(look_up("anchor.test"), failing(error))
        assert breaker.is_open() is is_open


@pytest.mark.parametrize(("asked_s", "least_s"), [(2.0, 2.0), (0.0, 0.0), (None, 0.0)])
def test_a_pause_is_never_shorter_than_the_provider_asked_for(
    asked_s: float | None, least_s: float, owner: Person
) -> None:
    slept: list[float] = []
    hurried = SourceError(Cause.BUSY, "The finder", retry_after_s=asked_s)
    calls = StoredCalls(lease_of(owner), {"hunter": ENDPOINT}, {}, {}, threading.Event(), sleep=slept.append)
    with pytest.raises(SourceError, match="asked to try later"):
        calls.ask(look_up("anchor.test"), failing(hurried))
    assert sum(slept) >= 3 * least_s
    # Full jitter: three pauses of random length are not all nothing.
    assert sum(slept) > 0


class Missed(RateLimiter):
    """A limit whose first slot is over before the call can leave, with no other near by."""

    def __init__(self) -> None:
        super().__init__(None, "hunter", ENDPOINT, "one")
        self._slots = [Slot(), Slot(time.monotonic() - 60)]

    def book(self, stop: Callable[[], None]) -> Slot:
        return self._slots.pop()

    def book_now(self) -> Slot | None:
        return None


def test_a_call_that_missed_its_turn_reserves_nothing_until_the_next(
    owner: Person, database: Database
) -> None:
    lease, states = lease_of(owner), []
    calls = StoredCalls(lease, {"hunter": ENDPOINT}, {"hunter": Missed()}, {}, threading.Event())

    def send() -> Answer:
        states.extend(rows(database.superuser_url, "select state, attempt from provider_calls"))
        return answer()()

    assert calls.ask(look_up("a.test"), send).cost_micros == PRICE
    assert states == [("intent", 1)]
    assert money(owner, lease) == (PRICE, 0)


def lost_answers(calls: StoredCalls, sent: list[str]) -> Cause:
    """Two hundred look-ups, by as many threads as a run has, of a provider that bills and fails; the last cause."""

    def one(number: int) -> Cause:
        def send() -> Answer:
            sent.append(str(number))
            raise SourceError(Cause.SERVER_ERROR, "Hunter", billed=Billed.UNKNOWN)

        with pytest.raises(SourceError) as caught:
            calls.ask(look_up(f"{number}.test"), send)
        return caught.value.cause

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, range(200)))[-1]


def test_a_provider_that_bills_and_fails_is_given_up_long_before_the_budget_is_spent(
    owner: Person, redis_url: str
) -> None:
    sent: list[str] = []
    lease = lease_of(owner, "20")
    with redis.Redis.from_url(redis_url) as client:
        breaker = Breaker(client, "hunter", ENDPOINT, open_s=0.2, max_wait_s=0.6)
        calls = StoredCalls(lease, {"hunter": ENDPOINT}, {}, {"hunter": breaker}, threading.Event())
        assert lost_answers(calls, sent) is Cause.STAYED_AWAY
    assert len(sent) < MOST_LOST + THREADS
    assert money(owner, lease) == (len(sent) * PRICE, len(sent) * PRICE)


def test_it_is_given_up_without_a_breaker_too(owner: Person, database: Database) -> None:
    sent: list[str] = []
    lease = lease_of(owner, "20")
    assert lost_answers(calls_of(lease), sent) is Cause.STAYED_AWAY
    assert MOST_LOST <= len(sent) < MOST_LOST + THREADS
    assert money(owner, lease) == (len(sent) * PRICE, len(sent) * PRICE)
    assert rows(database.superuser_url, "select state from provider_status") == [("unreachable",)]


def test_lost_answers_with_others_between_them_end_nothing(owner: Person) -> None:
    calls = calls_of(lease_of(owner, "20"))
    for number in range(MOST_LOST + 1):
        with pytest.raises(SourceError):
            calls.ask(look_up(f"lost-{number}.test"), failing(LOST))
        if number % 10 == 0:
            calls.ask(look_up(f"well-{number}.test"), answer())
    assert calls.ask(look_up("last.test"), answer()).cost_micros == PRICE
