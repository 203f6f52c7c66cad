"""What a person can do with campaigns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

import settings
from pipeline.campaign import CampaignSpec, CampaignStatus
from services import campaigns, history
from services.errors import Conflict, NotFound
from services.identity import Person
from store import outbox, workers
from store.database import Role, transaction
from store.ids import new_id
from tests.support.campaigns import SPEC, claimed, finished, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, change


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def test_ten_fast_clicks_make_one_campaign(owner: Person) -> None:
    with ThreadPoolExecutor(10) as pool:
        made = set(pool.map(lambda _: campaigns.submit(owner, SPEC, "one form"), range(10)))
    assert len(made) == 1
    assert campaigns.list_mine(owner).total == 1


def test_a_used_key_with_another_order_is_refused(owner: Person) -> None:
    campaigns.submit(owner, SPEC, "one form")
    with pytest.raises(Conflict, match="Reload"):
        campaigns.submit(owner, SPEC.model_copy(update={"max_results": 11}), "one form")


def worker_seen(seconds_ago: int) -> None:
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a worker", 1, "host")
        conn.execute(
            sa.text("update workers set seen_at = now() - make_interval(secs => :ago)"), {"ago": seconds_ago}
        )


def test_a_waiting_campaign_knows_whether_any_worker_runs(owner: Person) -> None:
    waiting = submitted(owner)
    assert campaigns.get(owner, waiting).lacks_worker
    worker_seen(0)
    assert not campaigns.get(owner, waiting).lacks_worker
    worker_seen(60)
    assert campaigns.get(owner, waiting).lacks_worker


def test_a_campaign_whose_worker_is_gone_is_stuck_until_it_is_taken_over(
    owner: Person, database: Database
) -> None:
    campaign = submitted(owner)
    claimed(owner, campaign)
    view = campaigns.get(owner, campaign)
    assert not view.is_stuck
    assert not view.lacks_worker
    change(database.superuser_url, "update discovery_jobs set lease_until = now() - interval '1 second'")
    view = campaigns.get(owner, campaign)
    assert view.is_stuck
    assert view.lacks_worker
    assert view.remaining_s is None
    worker_seen(0)
    assert not campaigns.get(owner, campaign).lacks_worker


def test_that_a_worker_runs_is_all_a_person_learns_about_workers(owner: Person) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(Role.WEB) as conn:
        workers.listing(conn)


def test_submitting_is_accepted_while_redis_is_away(
    database: Database, clean_settings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/redis.sock")
    settings.get.cache_clear()
    made = submitted(person("owner"))
    with transaction(Role.SYSTEM) as conn:
        waiting = outbox.unsent(conn)
    assert made
    assert [promise.attempt for promise in waiting] == [0]


def test_the_order_comes_back_as_it_was_given(owner: Person) -> None:
    spec = CampaignSpec(
        business_types=("cafe", "Bäckerei"),
        location="Zürich",
        radius_km=2.5,
        max_results=7,
        min_confidence=61,
        budget_usd=Decimal("1.250001"),
    )
    found = campaigns.get(owner, submitted(owner, spec))
    assert found.spec == spec
    assert found.budget_micros == 1_250_001
    assert (found.status, found.place_in_line) == (CampaignStatus.PENDING, 1)


def test_a_stranger_finds_watches_stops_deletes_and_repeats_nothing(owner: Person) -> None:
    campaign = finished(owner, [lead(1)])
    stranger = person("stranger")
    for verb in (campaigns.get, history.events, campaigns.cancel, campaigns.delete):
        with pytest.raises(NotFound):
            verb(stranger, campaign)
    with pytest.raises(NotFound):
        campaigns.run_again(stranger, campaign, "key")
    assert campaigns.list_mine(stranger).rows == ()


def test_a_waiting_campaign_stops_at_once_and_a_running_one_is_asked(owner: Person) -> None:
    waiting, running = submitted(owner), submitted(owner)
    claimed(owner, running)
    campaigns.cancel(owner, waiting)
    campaigns.cancel(owner, running)
    campaigns.cancel(owner, waiting)
    assert campaigns.get(owner, waiting).status is CampaignStatus.CANCELLED
    asked = campaigns.get(owner, running)
    assert (asked.status, asked.cancel_requested) == (CampaignStatus.PROCESSING, True)


def test_a_running_campaign_is_not_deleted_an_ended_one_is(owner: Person) -> None:
    running, done = submitted(owner), finished(owner, [lead(1)])
    with pytest.raises(Conflict, match="still running"):
        campaigns.delete(owner, running)
    campaigns.delete(owner, done)
    with pytest.raises(NotFound):
        campaigns.get(owner, done)
    assert campaigns.list_mine(owner).total == 1


def test_run_again_orders_the_same(owner: Person) -> None:
    first = finished(owner, [lead(1)])
    again = campaigns.run_again(owner, first, str(new_id()))
    assert again != first
    assert campaigns.get(owner, again).spec == campaigns.get(owner, first).spec


def test_the_list_pages_filters_and_takes_wild_cards_literally(owner: Person) -> None:
    made = [submitted(owner, SPEC.model_copy(update={"location": f"Town {n} 100%"})) for n in range(5)]
    first = campaigns.list_mine(owner, limit=2)
    second = campaigns.list_mine(owner, limit=2, cursor=first.next_cursor)
    third = campaigns.list_mine(owner, limit=2, cursor=second.next_cursor)
    listed = [row.id for page in (first, second, third) for row in page.rows]
    assert listed == made[::-1]
    assert third.next_cursor is None
    assert campaigns.list_mine(owner, text="town 3 100%").total == 1
    assert campaigns.list_mine(owner, text="_own").total == 0
    assert campaigns.list_mine(owner, status=CampaignStatus.FAILED).total == 0


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "WzEsMl0", "W10", "x" * 5000, "WyJ4IiwieSJd", "\x00"])
def test_a_forged_cursor_starts_from_the_top(owner: Person, cursor: str) -> None:
    made = submitted(owner)
    assert [row.id for row in campaigns.list_mine(owner, cursor=cursor).rows] == [made]


def test_an_unknown_id_is_not_found(owner: Person) -> None:
    with pytest.raises(NotFound):
        campaigns.get(owner, UUID(int=0))


def test_the_history_carries_the_figures_forward(owner: Person) -> None:
    campaign = submitted(owner)
    lease = claimed(owner, campaign)
    store_leads(lease, [lead(1), lead(2)])
    campaigns.cancel(owner, campaign)
    points = history.events(owner, campaign)
    assert points[-1].businesses_found == 2
    assert points[-1].message == "Enriched."


def test_the_history_of_a_long_run_is_thinned_and_keeps_its_lines_and_its_last_figures(
    owner: Person, database: Database
) -> None:
    campaign = finished(owner, [lead(1)])
    change(
        database.superuser_url,
        "insert into job_events (workspace_id, job_id, stage, progress, message, metrics)"
        " select workspace_id, id, 'enriching_contacts', 60, case when n % 1000 = 0 then 'Line ' || n end,"
        " jsonb_build_object('leads_enriched', n)"
        " from discovery_jobs, generate_series(1, 10000) n",
    )
    moments = history.events(owner, campaign)
    assert len(moments) < 500
    assert [event.message for event in moments if event.message][-10:] == [
        f"Line {n}000" for n in range(1, 11)
    ]
    assert moments[-1].leads_enriched == 10_000
