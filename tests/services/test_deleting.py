"""Delete deletes: nothing a campaign was about is left anywhere, only what it cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.campaign import CampaignStatus
from pipeline.lead import Contact
from pipeline.money.calls import Answer, Call
from pipeline.qualification.criteria import Answer as Said
from pipeline.qualification.criteria import Importance, Verdict
from services import calls_export, campaigns, exporting, renaming, spend_sums, spending
from services.errors import NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import forgetting, ledger, provider_cache, provider_setup
from store.database import Role, transaction
from store.leases import Lease
from store.ledger_entries import question_of
from tests.support.campaigns import PAID, claimed, end, lead, store_leads, submitted
from tests.support.dump import holding
from tests.support.people import person
from tests.support.servers import Database, rows

DOMAIN, EMAIL, PERSON, PHONE, NAME = (
    "canary.test",
    "maker@canary.test",
    "Canary Keeper",
    "+35891234567",
    "Canarynest",
)
CANARIES = ("canary", PHONE)
HUNTER = Call(
    provider="hunter", operation="domain_search", arguments={"domain": DOMAIN, "limit": 10}, price_micros=24_500,
    subject="openstreetmap:node/1", keep_days=30,
)  # fmt: skip
LIST = Call(
    provider="neverbounce",
    operation="list",
    arguments={"emails": [EMAIL], "filename": "f"},
    price_micros=8_000,
)
CHECK = Call(provider="neverbounce", operation="single_check", arguments={"email": EMAIL}, keep_days=30)


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def asked(lease: Lease, call: Call, body: dict[str, object]) -> None:
    """A paid call of a running campaign; its answer is kept for everybody where that may be."""
    answer = Answer(http_status=200, body=body, cost_micros=call.price_micros)  # type: ignore[arg-type]
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.settle(conn, lease.workspace_id, ledger.begin(conn, lease, call, 1), answer)
    if call.keep_days:
        kept(lease, call, body)


def kept(lease: Lease, call: Call, body: dict[str, object]) -> None:
    question = question_of(call, provider_setup.endpoints()[call.provider].base_url)
    with transaction(Role.WORKER, lease=lease) as conn:
        provider_cache.put_many(conn, {question: ({"body": body, "simulated": False}, 30)})  # type: ignore[dict-item]


def campaign(owner: Person) -> Lease:
    """A campaign about one business, with everything that can be known of it, exported once."""
    spec = PAID.model_copy(update={"business_types": ("cafe", NAME), "by_name": (NAME,)})
    lease = claimed(owner, submitted(owner, spec))
    made = lead(
        1, name=NAME, email=EMAIL, phone=PHONE, domain=DOMAIN, website=f"https://{DOMAIN}", city="Helsinki"
    )
    contact = Contact(email=EMAIL, origin=made.business.origins[0], name=PERSON)
    verdict = Verdict(
        criterion="hiring",
        importance=Importance.MUST_HAVE,
        answer=Said.YES,
        why="Read.",
        quote=f"Write to {EMAIL}.",
        page=f"https://{DOMAIN}/about",
    )
    store_leads(
        lease, [replace(made, contacts=(contact,), verdicts=(verdict,)), lead(2, email="info@lantern.test")]
    )
    asked(lease, HUNTER, {"emails": [{"value": EMAIL, "first_name": PERSON}]})
    asked(lease, LIST, {"job_id": 7, EMAIL: "valid"})
    kept(lease, CHECK, {"result": "verified"})
    end(lease, CampaignStatus.COMPLETED)
    renaming.rename(owner, lease.campaign_id, f"{NAME} and others")
    exporting.export(owner, lease.campaign_id, LeadFilter(text=NAME), LeadSort.CONFIDENCE, "csv")
    return lease


def test_nothing_is_left_of_a_deleted_campaign_but_what_it_cost(owner: Person, database: Database) -> None:
    lease = campaign(owner)
    assert {"leads", "businesses", "campaigns", "exports", "provider_calls", "provider_cache"} <= set(
        holding(database, *CANARIES)
    )
    before = spend_sums.summary(owner, "provider")
    campaigns.delete(owner, lease.campaign_id)
    assert holding(database, *CANARIES) == {}
    assert rows(database.superuser_url, "select count(*) from provider_cache") == [(0,)]
    assert spend_sums.summary(owner, "provider") == before
    assert {row.campaign for row in spending.calls(owner).rows} == {"Deleted campaign"}
    assert calls_export.calls_csv(owner).rows == 2
    with transaction(Role.SYSTEM) as system:
        assert ledger.wrong_sums(system) == []
    taken = rows(database.superuser_url, "select format, row_count, filter from exports where format = 'csv'")
    assert taken == [("csv", 1, {})]
    with pytest.raises(NotFound):
        campaigns.get(owner, lease.campaign_id)


def test_an_answer_another_campaign_asked_for_stays_until_that_one_goes(
    owner: Person, database: Database
) -> None:
    first = campaign(owner)
    other = claimed(owner, submitted(owner, PAID))
    asked(other, HUNTER, {"emails": []})
    end(other)
    campaigns.delete(owner, first.campaign_id)
    held = rows(database.superuser_url, "select provider from provider_cache")
    assert held == [("hunter",)]
    campaigns.delete(owner, other.campaign_id)
    assert rows(database.superuser_url, "select provider from provider_cache") == []


def test_nobody_deletes_what_is_not_theirs(owner: Person, database: Database) -> None:
    lease = campaign(owner)
    with transaction(Role.WEB, proof=person("stranger").proof) as conn:
        assert not forgetting.delete_campaign(conn, lease.campaign_id, "[]")
    assert campaigns.get(owner, lease.campaign_id).lead_count == 2
