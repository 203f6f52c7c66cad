"""What is measured by the minute follows from campaigns, calls and workers, and is counted once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jobs import duties, measuring
from pipeline.campaign import CampaignStatus
from pipeline.health.measures import Figures, Point, figures
from services import health
from services.health import Span
from services.identity import Person
from store import measures, workers
from store.database import Role, transaction
from store.measures import Step
from tests.support.campaigns import PAID, claimed, end, finished, lead, spent, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows

# What happened in this test happened two minutes before: the minute that runs is not measured yet.
_EARLIER = """
    update campaigns set ended_at = ended_at - interval '2 minutes', created_at = created_at - interval '4 minutes';
    update discovery_jobs set wake_first_at = wake_first_at - interval '3 minutes 10 seconds',
        started_at = started_at - interval '3 minutes', ended_at = ended_at - interval '2 minutes';
    update provider_calls set sent_at = sent_at - interval '2 minutes 1 second',
        done_at = done_at - interval '2 minutes'
"""


@pytest.fixture
def owner(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("HUNTER_IO_API_KEY", "a key")
    return person("owner", is_admin=True)


def taken(step: Step, steps: int) -> list[Point]:
    with transaction(Role.SYSTEM) as conn:
        return measures.since(conn, {step: steps})[step]


def of(points: Sequence[Point]) -> Figures:
    return figures(points)


def test_minutes_hours_and_days_say_the_same_and_nothing_is_counted_twice(
    owner: Person, database: Database
) -> None:
    finished(owner, [lead(1), lead(2)])
    lease = claimed(owner, submitted(owner, PAID.model_copy(update={"waterfall": ("hunter",)})))
    store_leads(lease, [lead(3)])
    spent(lease, "one.test", 24_500)
    spent(lease, "two.test", 24_500)
    end(lease, CampaignStatus.FAILED)
    submitted(owner)
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a worker", 1, "host")
    change(database.superuser_url, _EARLIER)
    measuring.take()
    assert measuring.take() == "0 minutes measured."
    for step in ("minute", "hour", "day"):
        measured = of(taken(step, 60))
        assert measured.ended == {"completed": 1, "failed": 1}
        assert (measured.leads, measured.cost_micros) == (3, 49_000)
        # Of the one that succeeded: 70 seconds, give or take what this test takes.
        assert measured.p50_s is not None
        assert 60 <= measured.p50_s <= 90
        assert measured.waiting_p95_s is not None
        assert 5 <= measured.waiting_p95_s <= 20
        (hunter,) = measured.providers
        assert (hunter.provider, hunter.calls, hunter.cost_micros) == ("hunter", 2, 49_000)
        assert hunter.p95_ms is not None
        assert 750 <= hunter.p95_ms <= 1500
        assert (measured.workers, measured.busy_share, measured.waiting_most) == (1, 0, 1)
    view = health.look(owner, Span.HOUR)
    assert (view.overall.judged, sum(slot.figures.judged for slot in view.slots), len(view.slots)) == (
        2,
        2,
        60,
    )
    assert view.now.hour.judged == 2


def test_minutes_without_a_worker_are_made_up_for(owner: Person, database: Database) -> None:
    measuring.take()
    finished(owner, [lead(1)])
    change(database.superuser_url, _EARLIER)
    change(
        database.superuser_url, "update measures set at = at - interval '30 minutes' where step = 'minute'"
    )
    newest = "select extract(epoch from max(at))::int / 60 from measures where step = 'minute'"
    ((before,),) = rows(database.superuser_url, newest)
    said = measuring.take()
    ((after,),) = rows(database.superuser_url, newest)
    made_up = int(str(after)) - int(str(before))
    assert said == f"{made_up} minutes measured."
    assert made_up in (30, 31), "a minute may turn meanwhile"
    assert of(taken("minute", 60)).ended == {"completed": 1}


def test_minutes_are_kept_for_two_days_and_hours_for_a_quarter(owner: Person, database: Database) -> None:
    change(
        database.superuser_url,
        "insert into measures select step, now() - kept - interval '1 minute', 'leads', '', '', 1, 1 from (values"
        " ('minute', interval '2 days'), ('hour', interval '90 days'), ('day', interval '900 days')) k (step, kept)",
    )
    list(duties.run_due())
    assert rows(database.superuser_url, "select step from measures where name = 'leads'") == [("day",)]
