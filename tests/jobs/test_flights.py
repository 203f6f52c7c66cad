"""One flight per question for the whole installation: whoever comes second waits for the answer of the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal

import pytest

import settings
from jobs.provider_calls import StoredCalls
from pipeline.causes import Billed, Cause
from pipeline.errors import BudgetReached, Cancelled, SourceError
from pipeline.money.calls import Answer, Call, Endpoint, Reply
from services import campaigns
from services.identity import Person
from store import ledger
from store.database import Role, transaction
from store.leases import Lease
from tests.support.campaigns import SPEC, claimed, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually

PRICE = 10_000
ENDPOINT = Endpoint(base_url="http://finder.test", key="canary-key-of-nobody")
LOST = SourceError(Cause.BROKEN_OFF, "The finder", billed=Billed.UNKNOWN)
REFUSED = SourceError(Cause.NOT_ACCEPTED, "The finder")


@pytest.fixture
def owner(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Somebody whose sums follow from the ledger whatever the test did; nobody renews a lease here."""
    monkeypatch.setenv("LEASE_S", "300")
    settings.get.cache_clear()
    yield person("owner")
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def lease_of(owner: Person, budget: str = "1") -> Lease:
    return claimed(owner, submitted(owner, SPEC.model_copy(update={"budget_usd": Decimal(budget)})))


class Run(StoredCalls):
    """A run that says when it waits: it looks then and again whether it should go on."""

    looks = 0

    def stop_if_needed(self) -> None:
        self.looks += 1
        super().stop_if_needed()

    def is_waiting(self) -> bool:
        return self.looks > 1


def calls_of(lease: Lease) -> Run:
    return Run(lease, {"hunter": ENDPOINT}, {}, {}, threading.Event(), sleep=lambda _: None)


def look_up(domain: str) -> Call:
    return Call(
        provider="hunter",
        operation="domain_search",
        arguments={"domain": domain},
        price_micros=PRICE,
        keep_days=30,
    )


class Slow:
    """A provider that has been asked, and answers when it is told to."""

    def __init__(self, error: SourceError | None = None) -> None:
        self.asked = threading.Event()
        self.answer = threading.Event()
        self.times = 0
        self._error = error

    def __call__(self) -> Answer:
        self.times += 1
        self.asked.set()
        assert self.answer.wait(20)
        if self._error:
            raise self._error
        return Answer(http_status=200, body={"emails": ["a"]}, cost_micros=PRICE)


def never() -> Answer:
    raise AssertionError("this was asked already")


def lost() -> Answer:
    raise LOST


def at_once() -> Answer:
    return Answer(http_status=200, body={"emails": ["b"]}, cost_micros=PRICE)


def flights_of(database: Database) -> int:
    ((number,),) = rows(database.superuser_url, "select count(*) from provider_flights")
    return int(str(number))


class Two:
    """A campaign that is asking, and another that came second."""

    def __init__(
        self,
        owner: Person,
        threads: ThreadPoolExecutor,
        first: Slow,
        second: Callable[[], Answer],
        budget: str,
    ) -> None:
        self.provider = first
        self.leases = lease_of(owner), lease_of(owner, budget)
        self.runs = calls_of(self.leases[0]), calls_of(self.leases[1])
        self.first: Future[Reply] = threads.submit(self.runs[0].ask, look_up("a.test"), first)
        assert first.asked.wait(20)
        self.second: Future[Reply] = threads.submit(self.runs[1].ask, look_up("a.test"), second)
        eventually(self.runs[1].is_waiting, "the second campaign's wait")


def spent(owner: Person, lease: Lease) -> tuple[int, int, int]:
    view = campaigns.get(owner, lease.campaign_id)
    return view.spent_micros, view.uncertain_micros, view.saved_micros


def test_the_second_campaign_gets_the_answer_of_the_first(
    owner: Person, database: Database, threads: ThreadPoolExecutor
) -> None:
    two = Two(owner, threads, Slow(), never, "1")
    reserved = "select reserved_micros from campaigns order by reserved_micros"
    assert rows(database.superuser_url, reserved) == [(0,), (PRICE,)]
    two.provider.answer.set()
    assert two.first.result(20).cost_micros == PRICE
    got = two.second.result(20)
    assert (got.body, got.cost_micros, got.saved_micros) == ({"emails": ["a"]}, 0, PRICE)
    assert [spent(owner, lease) for lease in two.leases] == [(PRICE, 0, 0), (0, 0, PRICE)]
    assert flights_of(database) == 0


def test_a_campaign_without_money_gets_the_answer_all_the_same(
    owner: Person, threads: ThreadPoolExecutor
) -> None:
    two = Two(owner, threads, Slow(), never, "0")
    two.provider.answer.set()
    assert two.second.result(20).saved_micros == PRICE


@pytest.mark.parametrize(("error", "uncertain"), [(LOST, PRICE), (REFUSED, 0)])
def test_whoever_waits_asks_when_the_first_got_no_answer(
    error: SourceError, uncertain: int, owner: Person, database: Database, threads: ThreadPoolExecutor
) -> None:
    two = Two(owner, threads, Slow(error), at_once, "1")
    two.provider.answer.set()
    with pytest.raises(SourceError):
        two.first.result(20)
    assert two.second.result(20).cost_micros == PRICE
    assert [spent(owner, lease)[:2] for lease in two.leases] == [(uncertain, uncertain), (PRICE, 0)]
    assert flights_of(database) == 0


def test_a_campaign_that_cannot_pay_lets_the_next_one_ask(owner: Person, database: Database) -> None:
    poor, rich = lease_of(owner, "0.001"), lease_of(owner)
    with pytest.raises(BudgetReached):
        calls_of(poor).ask(look_up("a.test"), never)
    assert flights_of(database) == 0
    assert calls_of(rich).ask(look_up("a.test"), at_once).cost_micros == PRICE


def test_a_campaign_that_waits_is_cancelled_in_its_wait(owner: Person, threads: ThreadPoolExecutor) -> None:
    two = Two(owner, threads, Slow(), never, "1")
    campaigns.cancel(owner, two.leases[1].campaign_id)
    with pytest.raises(Cancelled):
        two.second.result(20)
    two.provider.answer.set()
    assert two.first.result(20).cost_micros == PRICE


def test_the_question_of_a_silent_asker_is_asked_by_whoever_waits(
    owner: Person, database: Database, threads: ThreadPoolExecutor
) -> None:
    two = Two(owner, threads, Slow(), at_once, "1")
    change(database.superuser_url, "update provider_flights set until = now() - interval '1 second'")
    assert two.second.result(20).body == {"emails": ["b"]}
    two.provider.answer.set()
    # The first is alive after all: its answer was paid for, too.
    assert two.first.result(20).cost_micros == PRICE
    assert [spent(owner, lease)[0] for lease in two.leases] == [PRICE, PRICE]


_ASKER = """
import sys, threading, uuid
from jobs.provider_calls import StoredCalls
from store.leases import Lease
from tests.jobs.test_flights import ENDPOINT, look_up
job, workspace, campaign, token, secret = sys.argv[1:]
lease = Lease(workspace_id=uuid.UUID(workspace), job_id=uuid.UUID(job), campaign_id=uuid.UUID(campaign), attempt=0,
    token=int(token), secret=secret)
def send():
    print("asked", flush=True)
    threading.Event().wait()
StoredCalls(lease, {"hunter": ENDPOINT}, {}, {}, threading.Event()).ask(look_up("a.test"), send)
"""


def test_the_question_of_a_worker_that_was_killed_is_asked_after_a_while(
    owner: Person, database: Database, threads: ThreadPoolExecutor
) -> None:
    """Another process holds the flight, and dies with it."""
    one, two = lease_of(owner), lease_of(owner)
    argv = [one.job_id, one.workspace_id, one.campaign_id, one.token, one.secret]
    other = subprocess.Popen(
        [sys.executable, "-c", _ASKER, *map(str, argv)],
        cwd=settings.PROJECT_ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout
        assert other.stdout.readline() == "asked\n"
        calls = calls_of(two)
        second = threads.submit(calls.ask, look_up("a.test"), at_once)
        eventually(calls.is_waiting, "the wait for the other process")
        other.send_signal(signal.SIGKILL)
    held = "select until > now(), until < now() + interval '21 seconds' from provider_flights"
    assert rows(database.superuser_url, held) == [(True, True)]
    change(database.superuser_url, "update provider_flights set until = now() - interval '1 second'")
    assert second.result(20).cost_micros == PRICE


def test_the_next_run_of_a_campaign_does_not_wait_for_its_own_dead_flight(
    owner: Person, database: Database
) -> None:
    lease = lease_of(owner)
    calls_of(lease).take([look_up("a.test")])
    assert flights_of(database) == 1
    assert calls_of(lease).ask(look_up("a.test"), at_once).cost_micros == PRICE


def test_a_run_that_ends_leaves_no_flight(owner: Person, database: Database) -> None:
    calls = calls_of(lease_of(owner))
    calls.take([look_up("a.test"), look_up("b.test")])
    change(
        database.superuser_url,
        "insert into provider_flights values ('hunter', 'domain_search', '\\x00', gen_random_uuid(),"
        " now() - interval '1 hour')",
    )
    assert flights_of(database) == 3
    calls.close()
    assert flights_of(database) == 0


def test_a_flight_is_renewed_while_its_run_lives(owner: Person, database: Database) -> None:
    calls = calls_of(lease_of(owner))
    calls.take([look_up("a.test")])
    change(database.superuser_url, "update provider_flights set until = now() + interval '1 second'")
    calls.stop_if_needed()
    assert rows(
        database.superuser_url, "select until > now() + interval '10 seconds' from provider_flights"
    ) == [(True,)]


def domains(*names: str) -> list[Call]:
    return [look_up(f"{name}.test") for name in names]


def test_many_questions_are_taken_held_and_waited_for(owner: Person, threads: ThreadPoolExecutor) -> None:
    """Of three campaigns' lists, each address is asked once; equal ones of one list as well."""
    one, two = calls_of(lease_of(owner)), calls_of(lease_of(owner))
    one.ask(look_up("held.test"), at_once)
    first = one.take(domains("held", "a", "b", "a"))
    assert [call.arguments["domain"] for call, _ in first.held] == ["held.test"]
    assert first.mine == domains("a", "b")
    assert first.elsewhere == domains("a")
    second = two.take(domains("b", "held", "c"))
    assert [(call.arguments["domain"], reply.saved_micros) for call, reply in second.held] == [
        ("held.test", PRICE)
    ]
    assert (second.mine, second.elsewhere) == (domains("c"), domains("b"))
    assert two.held_many(domains("b", "held", "c")).keys() == {1}
    waiting = threads.submit(two.wait_for, second.elsewhere)
    eventually(two.is_waiting, "the wait for the other list")
    one.remember_many([(look_up("a.test"), {"result": "valid"}), (look_up("b.test"), {"result": "valid"})])
    waiting.result(20)
    ((_, reply),) = two.take(second.elsewhere).held
    assert reply.body == {"result": "valid"}


def test_what_is_given_back_can_be_taken_by_others(owner: Person, database: Database) -> None:
    one, two = calls_of(lease_of(owner)), calls_of(lease_of(owner))
    one.take(domains("a", "b"))
    two.release(domains("a", "b"))
    assert two.take(domains("a", "b")).mine == []
    one.release(domains("a"))
    assert two.take(domains("a", "b")).mine == domains("a")
    assert flights_of(database) == 2


def test_what_is_uncertain_is_not_taken_again(owner: Person) -> None:
    calls = calls_of(lease_of(owner))
    with pytest.raises(SourceError):
        calls.ask(look_up("a.test"), lost)
    taken = calls.take(domains("a", "b"))
    ((call, error),) = taken.uncertain
    assert (call, error.cause, error.billed) == (look_up("a.test"), Cause.INTERRUPTED, Billed.UNKNOWN)
    assert taken.mine == domains("b")


def test_ten_equal_campaigns_ask_each_question_once(owner: Person, database: Database) -> None:
    """All at once, each with threads of its own."""
    names = [str(number) for number in range(12)]
    asked: list[str] = []

    def ask(calls: StoredCalls, name: str) -> int:
        def send() -> Answer:
            asked.append(name)
            return at_once()

        return calls.ask(look_up(f"{name}.test"), send).saved_micros

    runs = [calls_of(lease_of(owner)) for _ in range(10)]
    with ThreadPoolExecutor(30) as many:
        saved = list(many.map(lambda pair: ask(*pair), [(calls, name) for name in names for calls in runs]))
    assert sorted(asked) == sorted(names)
    assert sum(saved) == 9 * 12 * PRICE
    assert flights_of(database) == 0
