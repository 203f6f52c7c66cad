"""Many campaigns ordered at once: one cap, turns, and what is done to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from jobs import endings, reconciler
from pipeline.bulk_status import BulkStatus
from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.errors import LimitReached
from pipeline.money.calls import Answer, Call
from services import api_access, api_keys, book, bulk_continuing, bulk_orders, campaigns, continuing, limits
from services.api_keys import Scope
from services.bulk_orders import BadOrders
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.limits import Period
from services.results import LeadSort
from store import bulk_steering, leases, ledger, progress
from store.database import Role, transaction
from store.ids import new_id
from store.leases import Lease
from tests.support.campaigns import PAID, SPEC, TODAY, end, lead, store_leads
from tests.support.people import person
from tests.support.servers import Database, change, rows

PLACES = ("Helsinki", "Espoo", "Vantaa", "Turku", "Oulu")
FREE = tuple(SPEC.model_copy(update={"location": place}) for place in PLACES)
COSTLY = tuple(PAID.model_copy(update={"location": place, "budget_usd": Decimal(1)}) for place in PLACES)


@pytest.fixture
def owner(database: Database, redis_url: str, keys: None) -> Person:
    return person("owner")


def ordered(of: Person, specs: Sequence[CampaignSpec] = FREE, cap: str = "0") -> UUID:
    return bulk_orders.submit(of, specs, Decimal(cap), str(new_id()))


def in_line(database: Database) -> list[UUID]:
    query = (
        "select campaign_id from discovery_jobs where status = 'pending' and wake_at < 'infinity' order by id"
    )
    return [UUID(str(row[0])) for row in rows(database.superuser_url, query)]


def taken(of: Person, campaign_id: UUID, attempt: int = 0) -> Lease | None:
    job = campaigns.get(of, campaign_id).job_id
    with transaction(Role.WORKER) as conn:
        lease = leases.claim(conn, job, attempt, "a worker")
    if lease is not None:
        with transaction(Role.WORKER, lease=lease) as conn:
            leases.start(conn, lease)
    return lease


def run(of: Person, campaign_id: UUID) -> Lease:
    lease = taken(of, campaign_id)
    assert lease is not None
    return lease


def begun(lease: Lease, micros: int) -> bytes:
    call = Call(
        provider="hunter", operation="domain_search", arguments={"domain": str(new_id())}, price_micros=micros
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        return ledger.begin(conn, lease, call, 1)


def settled(lease: Lease, key: bytes, micros: int) -> None:
    answer = Answer(http_status=200, body={}, cost_micros=micros, found=True)
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.settle(conn, lease.workspace_id, key, answer)


def children(of: Person, bulk: UUID) -> list[UUID]:
    return [child.id for child in bulk_orders.watch(of, bulk)[1]]


def test_all_orders_are_taken_once_and_in_their_order(owner: Person) -> None:
    first = bulk_orders.submit(owner, FREE, Decimal(0), "one form", (0, 5))
    assert bulk_orders.submit(owner, FREE, Decimal(0), "one form") == first
    with pytest.raises(Conflict, match="Reload"):
        bulk_orders.submit(owner, FREE[:2], Decimal(0), "one form")
    found, each = bulk_orders.watch(owner, first)
    assert (found.title, found.total, found.status) == ("Cafe in 5 places", 5, BulkStatus.PENDING)
    assert (found.cost_low_micros, found.cost_high_micros) == (0, 5)
    assert [child.title for child in each] == [f"cafe in {place}" for place in PLACES]
    assert bulk_orders.listing(owner).total == 1
    assert campaigns.list_mine(owner, bulk_id=first).total == 5
    assert campaigns.get(owner, each[0].id).place_in_line is None


def test_one_order_that_cannot_be_leaves_nothing_of_the_others(owner: Person) -> None:
    wrong = SPEC.model_copy(update={"sources": ("nowhere",)})
    with pytest.raises(BadOrders) as refused:
        ordered(owner, (*FREE, wrong))
    assert list(refused.value.rows) == [5]
    assert "nowhere" in refused.value.rows[5]
    with pytest.raises(Invalid, match="1,001 campaigns"):
        ordered(owner, [SPEC] * 1001)
    with pytest.raises(Invalid, match="cap"):
        ordered(owner, FREE, "-1")
    assert (bulk_orders.listing(owner).total, campaigns.list_mine(owner).total) == (0, 0)


def test_the_campaigns_together_never_pass_the_cap(owner: Person, database: Database) -> None:
    bulk = ordered(owner, COSTLY, "1.50")
    first, second, third, *_ = children(owner, bulk)
    one, other = run(owner, first), run(owner, second)
    settled(one, begun(one, 900_000), 800_000)
    open_call = begun(other, 700_000)
    assert bulk_orders.get(owner, bulk).used_micros == 1_500_000
    late = run(owner, third)
    with pytest.raises(LimitReached, match="The cap of the bulk order leaves too little"):
        begun(late, 1)
    settled(other, open_call, 100_000)
    begun(late, 600_000)
    assert bulk_orders.get(owner, bulk).used_micros == 1_500_000
    for lease in (one, other, late):
        end(lease)
    found = bulk_orders.get(owner, bulk)
    assert (found.spent_micros, found.uncertain_micros) == (1_500_000, 600_000)
    # Who adds money to one of them means it to be spent.
    continuing.add_budget(owner, third, Decimal("0.5"), "more")
    again = taken(owner, third, 1)
    assert again is not None
    begun(again, 500_000)
    with pytest.raises(LimitReached):
        begun(again, 1)


def test_a_bulk_order_counts_with_its_cap_against_money_limits(owner: Person) -> None:
    limits.set_limit(owner, Period.DAY, Decimal(3))
    with pytest.raises(Conflict, match=r"leaves \$3.00"):
        ordered(owner, COSTLY, "4")
    ordered(owner, COSTLY, "2")
    (limit,) = limits.standing(owner)
    assert (limit.promised_micros, limit.left_micros) == (2_000_000, 1_000_000)
    with pytest.raises(Conflict, match=r"leaves \$1.00"):
        ordered(owner, COSTLY, "1.01")
    campaigns.submit(owner, COSTLY[0], "just fits")


def test_a_bulk_order_counts_with_its_cap_against_the_limit_of_a_key(owner: Person) -> None:
    entry = api_access.enter(api_keys.create(owner, "A program", Scope.SUBMIT, 1, Decimal(3)))
    assert entry is not None
    program = entry.person
    ordered(program, COSTLY, "2")
    with pytest.raises(Conflict, match=r"leaves \$1.00"):
        ordered(program, COSTLY, "1.01")


def test_few_at_a_time_are_in_line_and_everybody_has_their_turn(owner: Person, database: Database) -> None:
    large, small = ordered(owner, FREE), ordered(owner, FREE[:2])
    other = person("other")
    theirs = ordered(other, FREE[:2])
    assert in_line(database) == []
    single = campaigns.submit(owner, SPEC, "single")
    reconciler.tick()
    # Nobody works, which counts as one worker: one runs and one waits, of each workspace one.
    of_large, of_small, of_theirs = children(owner, large), children(owner, small), children(other, theirs)
    assert in_line(database) == [of_large[0], of_theirs[0], single]
    assert campaigns.get(owner, single).place_in_line == 1
    end(run(owner, of_large[0]), CampaignStatus.COMPLETED)
    reconciler.next_turns()
    assert of_small[0] in in_line(database)
    end(run(owner, of_small[0]), CampaignStatus.COMPLETED)
    reconciler.next_turns()
    assert of_large[1] in in_line(database)
    assert len(in_line(database)) == 3


def test_a_pause_leaves_what_runs_and_resuming_goes_on(owner: Person, database: Database) -> None:
    bulk = ordered(owner)
    reconciler.tick()
    running, waiting = in_line(database)
    lease = run(owner, running)
    bulk_orders.pause(owner, bulk)
    assert bulk_orders.get(owner, bulk).status is BulkStatus.PAUSED
    assert taken(owner, waiting) is None, "its wake-up is not worth anything any more"
    end(lease, CampaignStatus.COMPLETED)
    reconciler.tick()
    assert in_line(database) == []
    bulk_orders.resume(owner, bulk)
    reconciler.tick()
    assert len(in_line(database)) == 2
    assert taken(owner, waiting, 1) is not None
    assert bulk_orders.get(owner, bulk).status is BulkStatus.PROCESSING


def test_stopping_ends_all_and_keeps_what_was_found(owner: Person, database: Database) -> None:
    bulk = ordered(owner)
    first, second, *rest = children(owner, bulk)
    done, running = run(owner, first), run(owner, second)
    store_leads(done, [lead(1), lead(2)])
    end(done, CampaignStatus.COMPLETED)
    bulk_orders.cancel(owner, bulk)
    found, each = bulk_orders.watch(owner, bulk)
    assert (found.status, found.cancelled) == (BulkStatus.PROCESSING, len(rest))
    assert "before this campaign began" in (each[-1].outcome_reason or "")
    with transaction(Role.WORKER, lease=running) as conn:
        progress.finish(conn, running.workspace_id, running.job_id, endings.cancelled())
    bulk_orders.cancel(owner, bulk)
    found = bulk_orders.get(owner, bulk)
    assert (found.status, found.leads, found.open) == (BulkStatus.CANCELLED, 2, 0)
    with pytest.raises(Conflict, match="ended"):
        bulk_orders.pause(owner, bulk)
    shown = book.companies(owner, LeadFilter(campaign=bulk), LeadSort.NAME, TODAY)
    assert shown.matching == 2


@pytest.mark.parametrize(
    ("ends", "came_to"),
    [
        ((CampaignStatus.COMPLETED, CampaignStatus.COMPLETED), BulkStatus.COMPLETED),
        ((CampaignStatus.COMPLETED, CampaignStatus.FAILED), BulkStatus.PARTIAL),
        ((CampaignStatus.FAILED, CampaignStatus.FAILED), BulkStatus.FAILED),
    ],
)
def test_it_ends_as_its_campaigns_do_and_is_told_once(
    owner: Person, database: Database, ends: tuple[CampaignStatus, ...], came_to: BulkStatus
) -> None:
    bulk = ordered(owner, FREE[:2])
    for campaign, status in zip(children(owner, bulk), ends, strict=True):
        assert not bulk_orders.get(owner, bulk).status.is_final
        end(run(owner, campaign), status)
    for _ in range(2):
        reconciler.tick()
    assert bulk_orders.get(owner, bulk).status is came_to
    told = "select status, title, lead_count, campaigns from outbox_claim_mail(0, 24)"
    assert rows(database.superuser_url, told) == [(came_to.value, "Cafe in 2 places", 0, 2)]
    assert rows(database.superuser_url, "select count(*) from outbox where kind = 'campaign_ended'") == [(1,)]


def test_what_the_cap_cut_short_goes_on_with_a_higher_one_in_turns(owner: Person, database: Database) -> None:
    bulk = ordered(owner, COSTLY[:3], "0.50")
    short, done, stopped = children(owner, bulk)
    lease = run(owner, short)
    store_leads(lease, [lead(1)])
    settled(lease, begun(lease, 500_000), 500_000)
    change(database.superuser_url, "update leads set is_open = true")
    end(lease)
    end(run(owner, done), CampaignStatus.COMPLETED)
    with pytest.raises(Conflict, match="not ended"):
        bulk_continuing.go_on(owner, bulk, Decimal(1), "further")
    bulk_orders.cancel(owner, bulk)
    reconciler.tick()
    limits.set_limit(owner, Period.DAY, Decimal(1))
    with pytest.raises(Conflict, match="leaves"):
        bulk_continuing.go_on(owner, bulk, Decimal(1), "further")
    limits.set_limit(owner, Period.DAY, None)
    assert bulk_continuing.go_on(owner, bulk, Decimal("0.25"), "further") == 2
    found = bulk_orders.get(owner, bulk)
    assert (found.status, found.cap_micros, found.open) == (BulkStatus.PROCESSING, 750_000, 2)
    assert in_line(database) == []
    reconciler.tick()
    assert in_line(database) == [short, stopped]
    again = taken(owner, short, 1)
    assert again is not None
    begun(again, 250_000)
    with pytest.raises(LimitReached):
        begun(again, 1)


def test_a_deleted_one_goes_with_its_campaigns(owner: Person, database: Database) -> None:
    bulk = ordered(owner, FREE[:2])
    with pytest.raises(Conflict, match="Stop it first"):
        bulk_orders.delete(owner, bulk)
    bulk_orders.cancel(owner, bulk)
    bulk_orders.delete(owner, bulk)
    with pytest.raises(NotFound):
        bulk_orders.get(owner, bulk)
    assert campaigns.list_mine(owner).total == 0
    kept = "select title from bulk_orders union select title from campaigns"
    assert {row[0] for row in rows(database.superuser_url, kept)} == {
        "Deleted bulk order",
        "Deleted campaign",
    }
    acts = rows(database.superuser_url, "select action from audit_log where action like 'bulk%' order by id")
    assert [act[0] for act in acts] == ["bulk_order_placed", "bulk_order_stopped", "bulk_order_deleted"]


def test_the_whole_workspace_goes_with_its_bulk_orders(owner: Person, database: Database) -> None:
    ordered(owner, FREE[:2])
    change(database.superuser_url, f"delete from workspaces where id = '{owner.workspace_id}'")
    assert rows(database.superuser_url, "select count(*) from bulk_caps") == [(0,)]


def test_no_turn_is_taken_while_somebody_pauses(owner: Person, database: Database) -> None:
    bulk = ordered(owner)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        bulk_steering.pause(conn, owner.workspace_id, bulk)
        reconciler.tick()
    reconciler.tick()
    assert in_line(database) == []


def test_guests_order_none(owner: Person) -> None:
    with pytest.raises(NotAllowed, match="account"):
        ordered(replace(owner, guest_until=datetime(2026, 11, 28, tzinfo=UTC)))


def test_the_title_says_nothing_of_an_order_in_which_somebody_was_erased(
    owner: Person, database: Database
) -> None:
    bulk = ordered(owner, FREE[:1])
    assert bulk_orders.get(owner, bulk).title == "Cafe in Helsinki"
    change(database.superuser_url, "update campaigns set spec = jsonb_set(spec, '{location}', '\"erased\"')")
    assert bulk_orders.get(owner, bulk).title == "Bulk order"
