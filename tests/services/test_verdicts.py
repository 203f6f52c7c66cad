"""What is known of addresses and lists: the newest verdict, the stated cost, and what may be asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobs.campaign_ports import StoredMemory
from pipeline.campaign import CampaignStatus
from pipeline.causes import Cause
from pipeline.lead import Contact, EmailStatus, Lead, Origin, StepOutcome, StepResult
from pipeline.money.calls import Answer, Call
from services import campaigns, continuing
from services.identity import Person
from store import ledger, provider_cache, provider_setup, restating
from store.database import Role, transaction
from store.leases import Lease
from store.ledger_entries import question_of
from tests.support.campaigns import PAID, SPEC, TODAY, claimed, end, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows

SITE = Origin(source="website", ref="anchor.test")
VERIFIED = EmailStatus.VERIFIED
DOUBTS = [EmailStatus.INVALID, EmailStatus.CATCHALL, EmailStatus.UNKNOWN, EmailStatus.DISPOSABLE]
PRICE = 8_000


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def told(owner: Person, *verdicts: tuple[str, EmailStatus]) -> None:
    """A campaign that found what these addresses of one company are."""
    lease = claimed(owner, submitted(owner, SPEC))
    made = lead(1, email=verdicts[0][0], domain="anchor.test")
    contacts = tuple(Contact(email=email, origin=SITE, status=status) for email, status in verdicts)
    store_leads(lease, [replace(made, email_status=verdicts[0][1], contacts=contacts)])
    end(lease, CampaignStatus.COMPLETED)


def cached(owner: Person, email: str, result: str) -> None:
    """An answer kept for everybody, as somebody's check leaves it."""
    lease = claimed(owner, submitted(owner, SPEC))
    call = Call(provider="neverbounce", operation="single_check", arguments={"email": email})
    question = question_of(call, provider_setup.endpoints()["neverbounce"].base_url)
    with transaction(Role.WORKER, lease=lease) as conn:
        provider_cache.put_many(conn, {question: ({"body": {"result": result}, "simulated": False}, 30)})
    end(lease)


def known(owner: Person) -> str | None:
    contact = StoredMemory(claimed(owner, submitted(owner, SPEC)), TODAY).known_contact("anchor.test")
    return contact.email if contact else None


@pytest.mark.parametrize("doubt", DOUBTS)
def test_the_newest_verdict_about_an_address_counts_whatever_it_says(
    owner: Person, doubt: EmailStatus
) -> None:
    told(owner, ("info@anchor.test", VERIFIED))
    told(owner, ("info@anchor.test", doubt))
    assert known(owner) is None
    told(owner, ("info@anchor.test", VERIFIED))
    assert known(owner) == "info@anchor.test"


def test_a_lead_that_is_stored_again_does_not_make_its_verdict_newer(
    owner: Person, database: Database
) -> None:
    told(owner, ("info@anchor.test", VERIFIED))
    told(owner, ("info@anchor.test", EmailStatus.INVALID))
    change(database.superuser_url, "update leads set updated_at = now() where email_status = 'verified'")
    assert known(owner) is None


def test_an_address_that_was_not_checked_says_nothing_and_another_one_is_chosen(owner: Person) -> None:
    told(owner, ("info@anchor.test", VERIFIED), ("shop@anchor.test", EmailStatus.UNVERIFIED))
    told(owner, ("info@anchor.test", EmailStatus.UNVERIFIED), ("shop@anchor.test", VERIFIED))
    assert known(owner) == "shop@anchor.test"
    told(owner, ("press@anchor.test", EmailStatus.UNKNOWN), ("shop@anchor.test", EmailStatus.INVALID))
    assert known(owner) == "info@anchor.test"


def test_what_somebody_elses_check_said_later_counts_too(owner: Person, database: Database) -> None:
    cached(person("stranger"), "info@anchor.test", "invalid")
    told(owner, ("info@anchor.test", VERIFIED))
    assert known(owner) == "info@anchor.test"
    cached(person("stranger-2"), "info@anchor.test", "catchall")
    assert known(owner) is None
    # Too old to be given to anybody, and newer all the same.
    change(database.superuser_url, "update provider_cache set expires_at = now() - interval '1 day'")
    assert known(owner) is None
    cached(person("stranger-3"), "info@anchor.test", "verified")
    assert known(owner) == "info@anchor.test"


def a_list(owner: Person) -> tuple[Lease, Call, bytes]:
    lease = claimed(owner, submitted(owner, PAID))
    call = Call(
        provider="neverbounce",
        operation="jobs_create",
        arguments={"emails": ["info@a.test", "info@b.test"], "filename": "x.csv"},
        price_micros=2 * PRICE,
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        key = ledger.begin(conn, lease, call, 1)
    return lease, call, key


def restated(lease: Lease, call: Call, cost_micros: int) -> None:
    with transaction(Role.WORKER, lease=lease) as conn:
        answer = Answer(http_status=200, body={"job_id": 7}, cost_micros=cost_micros)
        restating.restate(conn, lease, call, answer)


SUMS = "select spent_micros, uncertain_micros, reserved_micros from campaigns"


def test_a_list_costs_what_is_stated_later_and_never_more(owner: Person, database: Database) -> None:
    lease, call, key = a_list(owner)
    with transaction(Role.WORKER, lease=lease) as conn:
        paid = Answer(http_status=200, body={"job_id": 7}, cost_micros=2 * PRICE)
        ledger.settle(conn, lease.workspace_id, key, paid)
    restated(lease, call, PRICE)
    assert rows(database.superuser_url, SUMS) == [(PRICE, 0, 0)]
    restated(lease, call, 2 * PRICE)
    assert rows(database.superuser_url, SUMS) == [(PRICE, 0, 0)]
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []


def test_a_list_that_was_made_after_all_is_uncertain_no_more(owner: Person, database: Database) -> None:
    lease, call, key = a_list(owner)
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.fail(conn, lease.workspace_id, key, "Lost.", billed=True)
    assert rows(database.superuser_url, SUMS) == [(2 * PRICE, 2 * PRICE, 0)]
    restated(lease, call, PRICE)
    assert rows(database.superuser_url, SUMS) == [(PRICE, 0, 0)]


def test_what_failed_for_nothing_stays_so(owner: Person, database: Database) -> None:
    lease, call, key = a_list(owner)
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.fail(conn, lease.workspace_id, key, "Refused.", billed=False)
    restated(lease, call, PRICE)
    assert rows(database.superuser_url, SUMS) == [(0, 0, 0)]


def unverified(number: int, cause: Cause, *, is_open: bool, cost_micros: int = 0) -> Lead:
    result = StepResult(
        step="neverbounce",
        outcome=StepOutcome.SKIPPED if is_open else StepOutcome.UNCERTAIN,
        detail="x",
        cost_micros=cost_micros,
        is_open=is_open,
        cause=cause,
        shared_micros=cost_micros,
    )
    made = lead(number, email=f"info@anchor-{number}.test")
    return replace(made, steps=(*made.steps, result))


def test_a_failed_list_is_asked_again_at_a_stated_price(owner: Person, database: Database) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    store_leads(lease, [unverified(n, Cause.LIST_FAILED, is_open=True) for n in range(3)])
    end(lease)
    missing = continuing.unanswered(owner, lease.campaign_id)
    assert (missing.look_ups, missing.price_micros) == (3, 3 * PRICE)
    continuing.retry_unanswered(owner, lease.campaign_id)
    assert campaigns.get(owner, lease.campaign_id).status is CampaignStatus.PENDING


def test_the_share_of_a_list_stays_on_a_lead_whose_single_check_was_free_after_all(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    store_leads(lease, [unverified(1, Cause.INTERRUPTED, is_open=False, cost_micros=PRICE)])
    call = Call(
        provider="neverbounce",
        operation="single_check",
        arguments={"email": "info@anchor-1.test"},
        price_micros=PRICE,
        subject=lead(1).business.key,
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.fail(conn, lease.workspace_id, key, "Too fast.", billed=False)
    end(lease)
    assert rows(database.superuser_url, "select cost_micros from leads") == [(PRICE,)]
