"""What two do at the same moment: the second one sees what the first one did, though it looked before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sa

from jobs import reconciler
from jobs.campaign_ports import StoredMemory
from pipeline.campaign import CampaignStatus
from pipeline.suppression import SuppressedBy, subject_of
from services import (
    api_keys,
    book_files,
    bulk_continuing,
    bulk_orders,
    campaigns,
    continuing,
    lists,
    operations,
    schedules,
    suppression_list,
    webhooks,
)
from services.api_keys import Scope
from services.errors import Conflict, NotAllowed
from services.identity import Person
from services.lists import ListKind
from services.schedules import Recurrence
from services.webhooks import Event
from store import api_keys as key_rows
from store import (
    bulk_steering,
    businesses,
    export_files,
    forgetting,
    jobs,
    lead_rows,
    list_work,
    place_imports,
    retention,
    suppressions,
)
from store import lists as list_rows
from store import webhooks as hooks
from store.api_keys import NewKey
from store.database import Role, transaction
from store.ids import new_id
from store.list_work import ListKey
from store.suppressions import Entry, hashed
from tests.support.campaigns import SPEC, TODAY, claimed, end, finished, lead, store_leads, submitted
from tests.support.interleaved import begun
from tests.support.lists import checked, kept, work
from tests.support.people import person
from tests.support.servers import Database, change, rows

LANTERN = lead(1, name="Lantern", domain="lantern.test", website="http://lantern.test/", city="Helsinki")
CUSTOMERS = "select count(*) from leads where is_customer and is_current"
CUT_SHORT = CampaignStatus.FAILED


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def beside() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_a_campaign_that_two_let_go_on_runs_once(owner: Person, database: Database, beside: Executor) -> None:
    campaign = submitted(owner)
    end(claimed(owner, campaign), CUT_SHORT)
    job = campaigns.get(owner, campaign).job_id
    admin = person("admin", is_admin=True)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert jobs.reopen(conn, owner.workspace_id, job) == 1
        second = begun(beside, database, lambda: continuing.go_on(owner, campaign))
    second.result()
    assert rows(database.superuser_url, "select attempt from discovery_jobs") == [(1,)]
    campaigns.cancel(owner, campaign)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert jobs.reopen(conn, owner.workspace_id, job) == 2
        third = begun(beside, database, lambda: operations.retry(admin, job))
    with pytest.raises(Conflict, match="can be retried"):
        third.result()
    assert rows(database.superuser_url, "select attempt from discovery_jobs") == [(2,)]


def test_a_campaign_that_is_deleted_meanwhile_does_not_go_on(
    owner: Person, database: Database, beside: Executor
) -> None:
    campaign = submitted(owner)
    end(claimed(owner, campaign), CUT_SHORT)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert forgetting.delete_campaign(conn, campaign, "[]")
        second = begun(beside, database, lambda: continuing.go_on(owner, campaign))
    second.result()
    assert rows(database.superuser_url, "select status, attempt from discovery_jobs") == [("failed", 0)]


def test_a_bulk_order_goes_on_once_and_has_not_ended_for_who_looked_before(
    owner: Person, database: Database, beside: Executor
) -> None:
    bulk = bulk_orders.submit(owner, [SPEC], Decimal(0), str(new_id()))
    (child,) = bulk_orders.watch(owner, bulk)[1]
    end(claimed(owner, child.id), CUT_SHORT)
    job = campaigns.get(owner, child.id).job_id
    with transaction(Role.WEB, proof=owner.proof) as conn:
        bulk_steering.resume(conn, owner.workspace_id, bulk)
        jobs.reopen(conn, owner.workspace_id, job)
        bulk_steering.hold(conn, owner.workspace_id, job)
        begun(beside, database, reconciler.tick)
        conn.commit()
    reconciler.tick()
    assert rows(database.superuser_url, "select status, wake_at < 'infinity' from discovery_jobs") == [
        ("pending", True)
    ]
    assert not rows(database.superuser_url, "select 1 from bulk_orders where ended_at is not null")


def test_two_who_let_a_bulk_order_go_on_raise_its_cap_once(
    owner: Person, database: Database, beside: Executor
) -> None:
    spec = SPEC.model_copy(update={"budget_usd": Decimal(1)})
    bulk = bulk_orders.submit(owner, [spec], Decimal(1), str(new_id()))
    (child,) = bulk_orders.watch(owner, bulk)[1]
    end(claimed(owner, child.id), CUT_SHORT)
    job = campaigns.get(owner, child.id).job_id
    with transaction(Role.WEB, proof=owner.proof) as conn:
        jobs.reopen(conn, owner.workspace_id, job)
        second = begun(beside, database, lambda: bulk_continuing.go_on(owner, bulk, Decimal(1), "further"))
    with pytest.raises(Conflict, match="not ended"):
        second.result()
    assert bulk_orders.get(owner, bulk).cap_micros == 1_000_000


def test_who_is_taken_off_two_lists_of_customers_at_once_is_no_customer(
    owner: Person, database: Database, beside: Executor
) -> None:
    finished(owner, [LANTERN])
    fair, shop = (
        kept(owner, b"website\nlantern.test", ListKind.CUSTOMERS, name) for name in ("Fair", "Shop")
    )
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert list_rows.remove(conn, owner.workspace_id, fair.id, gone=True)
        second = begun(beside, database, lambda: lists.remove(owner, shop.id))
    second.result()
    assert rows(database.superuser_url, CUSTOMERS) == [(0,)]
    # Nor is who is put on one while another is removed left without a mark.
    lists.restore(owner, fair.id)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert list_rows.remove(conn, owner.workspace_id, fair.id, gone=True)
        second = begun(beside, database, lambda: lists.restore(owner, shop.id))
    second.result()
    assert rows(database.superuser_url, CUSTOMERS) == [(1,)]


def test_a_customer_that_a_campaign_stores_while_the_list_is_stored_is_marked(
    owner: Person, database: Database, beside: Executor
) -> None:
    lease = claimed(owner, submitted(owner))
    store_leads(lease, [lead(2)])
    list_ = checked(owner, b"website\nlantern.test", ListKind.CUSTOMERS)
    lists.keep(owner, list_.id)
    with transaction(Role.WORKER, lease=lease) as conn:
        businesses.save(conn, lease, [LANTERN.business], TODAY, {})
        lead_rows.save(conn, lease, [LANTERN], TODAY, {})
        second = begun(beside, database, work)
    second.result()
    assert rows(database.superuser_url, CUSTOMERS) == [(1,)]


def test_an_entry_stays_while_a_list_that_brings_it_is_kept_or_stored(
    owner: Person, database: Database, beside: Executor
) -> None:
    first = kept(owner, b"website\nlantern.test", ListKind.EXCLUSION, "Partners")
    second = checked(owner, b"website\nlantern.test", ListKind.EXCLUSION, "Rivals")
    lists.keep(owner, second.id)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert list_rows.remove(conn, owner.workspace_id, first.id, gone=True)
        stored = begun(beside, database, work)
    stored.result()
    assert suppression_list.check(owner, "lantern.test")
    lists.restore(owner, first.id)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert list_rows.remove(conn, owner.workspace_id, first.id, gone=True)
        removed = begun(beside, database, lambda: lists.remove(owner, second.id))
    removed.result()
    assert not suppression_list.check(owner, "lantern.test")


def test_removing_a_list_leaves_what_another_one_has_stored_so_far(owner: Person, database: Database) -> None:
    first = kept(owner, b"website\nlantern.test", ListKind.EXCLUSION, "Partners")
    second = checked(owner, b"website\nlantern.test", ListKind.EXCLUSION, "Rivals")
    lists.keep(owner, second.id)
    with transaction(Role.SYSTEM) as conn:
        taken = list_work.take(conn)
        assert taken is not None
        list_work.add_keys(
            conn,
            taken,
            [ListKey(row=1, hashed=hashed("lantern.test"), kind="domain", hint="", external_id=None)],
        )
    lists.remove(owner, first.id)
    with transaction(Role.SYSTEM) as conn:
        list_work.kept(conn, taken)
    assert suppression_list.check(owner, "lantern.test")


def test_who_comes_onto_the_list_while_a_campaign_stores_them_is_left_out_or_marked(
    owner: Person, database: Database, beside: Executor
) -> None:
    lease = claimed(owner, submitted(owner))
    store_leads(lease, [lead(1), lead(2)])
    memory = StoredMemory(lease, TODAY)
    listed = [
        Entry(
            subject=subject_of(f"info@cafe{number}.test"),
            reason="Asked",
            source=SuppressedBy.TYPED,
            added_by=owner.id,
        )
        for number in (1, 2)
    ]
    with transaction(Role.WEB, proof=owner.proof) as conn:
        suppressions.add(conn, owner.workspace_id, listed[:1])
        stored = begun(beside, database, lambda: memory.save_leads([lead(1, email="info@cafe1.test")]))
    stored.result()
    assert rows(database.superuser_url, "select count(*) from leads where email is not null") == [(0,)]
    with transaction(Role.WORKER, lease=lease) as conn:
        lead_rows.save(conn, lease, [lead(2, email="info@cafe2.test")], TODAY, {})
        put = begun(beside, database, lambda: suppression_list.add(owner, [listed[1].subject], "Asked"))
    put.result()
    assert rows(database.superuser_url, "select count(*) from suppressed_companies") == [(1,)]


def test_nobody_makes_more_keys_than_they_may_have(
    owner: Person, database: Database, beside: Executor
) -> None:
    for number in range(19):
        api_keys.create(owner, f"Program {number}", Scope.READ, 1)
    proof = new_id().bytes
    new = NewKey(id=new_id(), name="The last", scope=Scope.READ, days=1, proof=proof, limit_micros=None)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert key_rows.create(conn, new)
        second = begun(beside, database, lambda: api_keys.create(owner, "One more", Scope.READ, 1))
    with pytest.raises(NotAllowed, match="20 keys"):
        second.result()


def test_nobody_waits_for_the_end_of_an_import_to_get_an_account(
    database: Database, beside: Executor
) -> None:
    with transaction(Role.SYSTEM) as conn:
        place_imports.lock(conn)
        assert begun(beside, database, lambda: person("somebody")).done()


def test_a_campaign_that_goes_on_keeps_leads_that_were_about_to_be_removed(
    owner: Person, database: Database, beside: Executor
) -> None:
    lease = claimed(owner, submitted(owner))
    store_leads(lease, [LANTERN])
    end(lease)
    change(database.superuser_url, "update campaigns set ended_at = now() - interval '9 days'")

    def forget() -> None:
        with transaction(Role.SYSTEM) as conn:
            retention.forget_leads(conn, 8)

    with transaction(Role.WEB, proof=owner.proof) as conn:
        jobs.reopen(conn, owner.workspace_id, lease.job_id)
        second = begun(beside, database, forget)
    second.result()
    assert rows(database.superuser_url, "select count(*) from leads") == [(1,)]


def test_the_last_schedule_there_is_room_for_is_made_once(
    owner: Person, database: Database, beside: Executor
) -> None:
    campaign = submitted(owner)
    weekly = Recurrence(
        name="Weekly",
        cron="0 8 * * 1",
        time_zone="UTC",
        budget_usd=Decimal(0),
        month_usd=None,
        only_new=False,
    )
    schedules.add(owner, campaign, weekly)
    change(database.superuser_url, f"{MORE_SCHEDULES}, generate_series(1, 48)")
    with transaction(Role.WEB, proof=owner.proof) as conn:
        conn.execute(sa.text(f"{MORE_SCHEDULES} limit 1"))
        second = begun(beside, database, lambda: schedules.add(owner, campaign, weekly))
    with pytest.raises(Conflict, match="50 schedules"):
        second.result()


MORE_SCHEDULES = (
    "insert into schedules (workspace_id, id, created_by, name, spec, cron, time_zone, next_at)"
    " select workspace_id, gen_random_uuid(), created_by, name, spec, cron, time_zone, next_at from schedules"
)


def test_the_last_webhook_there_is_room_for_is_made_once(
    owner: Person, database: Database, beside: Executor
) -> None:
    for number in range(9):
        webhooks.add(owner, f"https://crm.example.com/{number}", [Event.CAMPAIGN_ENDED])
    kept = {"url": "https://crm.example.com", "events": ["campaign.ended"], "secret": "sealed", "most": 10}
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert hooks.add(conn, owner.workspace_id, owner.id, new_id(), kept)
        second = begun(
            beside,
            database,
            lambda: webhooks.add(owner, "https://crm.example.com/other", [Event.CAMPAIGN_ENDED]),
        )
    with pytest.raises(Conflict, match="10 webhooks"):
        second.result()


def test_a_file_that_is_tried_again_while_another_is_asked_for_has_to_wait(
    owner: Person, database: Database, beside: Executor
) -> None:
    whose, failed = (owner.workspace_id, owner.id), new_id()
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert export_files.ask(conn, whose, failed, "csv", "{}")
    change(database.superuser_url, "update export_files set state = 'failed'")
    with transaction(Role.WEB, proof=owner.proof) as conn:
        assert export_files.ask(conn, whose, new_id(), "csv", "{}")
        second = begun(beside, database, lambda: book_files.again(owner, failed))
    with pytest.raises(Conflict, match="being made"):
        second.result()
