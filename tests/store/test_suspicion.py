"""What is usual is asked of one's own workspace, the same look-ups and the newest campaigns."""

from __future__ import annotations

import pytest

from jobs.campaign_ports import StoredMemory
from pipeline.campaign import CampaignStatus, KnownCompanies
from services import campaigns, operations
from services.identity import Person
from services.operations import JobWhere
from tests.support.campaigns import SPEC, TODAY, claimed, end, finished, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database

LOOKED_UP = SPEC.model_copy(update={"waterfall": ("website",)})
GOOD = [lead(number, email=f"info@cafe{number}.example.com") for number in range(10)]
POOR = [lead(number) for number in range(10)]


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def suspicion(owner: Person, campaign: object) -> str:
    return str(campaigns.get(owner, campaign).suspicion)  # type: ignore[arg-type]


def usual(owner: Person) -> None:
    for _ in range(3):
        assert suspicion(owner, finished(owner, GOOD, LOOKED_UP)) == "None"


def test_far_fewer_addresses_than_in_ones_other_campaigns_are_noticed(owner: Person) -> None:
    usual(owner)
    poor = finished(owner, POOR, LOOKED_UP)
    said = suspicion(owner, poor)
    assert "None of 10 leads has an e-mail address" in said
    assert "usually 100 % have one" in said
    finished(owner, POOR, LOOKED_UP)
    assert suspicion(owner, poor) == said


def test_an_order_for_new_companies_that_found_only_known_ones_is_none(owner: Person) -> None:
    for known, said in ((3, "None"), (0, "It ended without a fault and yet has no leads.")):
        lease = claimed(
            owner, submitted(owner, SPEC.model_copy(update={"known_companies": KnownCompanies.SKIP}))
        )
        StoredMemory(lease, TODAY).note_in_book(known)
        end(lease, CampaignStatus.COMPLETED)
        assert suspicion(owner, lease.campaign_id) == said


def test_an_order_without_customers_that_found_only_those_is_none(owner: Person) -> None:
    lease = claimed(owner, submitted(owner, SPEC.model_copy(update={"skip_customers": True})))
    StoredMemory(lease, TODAY).note_customers(2)
    end(lease, CampaignStatus.COMPLETED)
    assert suspicion(owner, lease.campaign_id) == "None"


def test_other_look_ups_and_other_peoples_campaigns_are_no_measure(owner: Person) -> None:
    usual(owner)
    assert suspicion(owner, finished(owner, POOR)) == "None"
    stranger = person("stranger")
    assert suspicion(stranger, finished(stranger, POOR, LOOKED_UP)) == "None"


def test_only_a_success_is_suspicious_and_one_that_goes_on_is_not_any_more(owner: Person) -> None:
    lease = claimed(owner, submitted(owner))
    end(lease, CampaignStatus.FAILED)
    assert suspicion(owner, lease.campaign_id) == "None"
    assert "no leads" in suspicion(owner, finished(owner, []))
    partial = claimed(owner, submitted(owner, LOOKED_UP))
    store_leads(partial, POOR)
    end(partial, CampaignStatus.PARTIAL)
    admin = person("admin", is_admin=True)
    operations.retry(admin, partial.job_id)
    assert suspicion(owner, partial.campaign_id) == "None"


def test_administrators_see_everybodys(owner: Person) -> None:
    finished(owner, POOR)
    doubtful = finished(owner, [])
    admin = person("admin", is_admin=True)
    (job,) = operations.jobs(admin, JobWhere(only_suspicious=True)).rows
    assert job.campaign_id == doubtful
    assert "no leads" in str(job.suspicion)
    assert operations.attention(admin).suspicious == 1
    campaigns.delete(owner, doubtful)
    assert operations.attention(admin).suspicious == 0
