"""Campaigns of own lists, from the uploaded file to leads, by real workers."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from pipeline.campaign import LISTED_AS, OWN_LIST, CampaignSpec, CampaignStatus, KnownCompanies
from pipeline.suppression import subject_of
from services import campaigns, erasing, history, lists, planning, results
from services.campaigns import CampaignView
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.lists import ListKind, ListState
from services.results import LeadFilter, LeadSort
from store.database import Role, transaction
from store.list_work import forget
from tests.support.campaigns import finished, lead
from tests.support.lists import checked, kept, row
from tests.support.people import person
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually, worker

FILE = (
    b"name;website;email;town\n"
    b"Lantern Oy;lantern.test;info@lantern.test;Turku\n"
    b"Lantern;lantern.test;;Turku\n"
    b"Harbour;harbour.test;;Oulu\n"
    b"Anchor;anchor.test;;Espoo\n"
    b"Compass;compass.test;;Espoo\n"
    b"Nobody;;;\n"
)


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def order_of(list_id: UUID, **values: object) -> CampaignSpec:
    given = {"business_types": (LISTED_AS,), "location": "Fair", "sources": (OWN_LIST,), "own_list": list_id}
    return CampaignSpec.model_validate({**given, "skip_customers": True, **values})


def ended(owner: Person, campaign: UUID) -> CampaignView:
    eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    return campaigns.get(owner, campaign)


def names(owner: Person, campaign: UUID) -> set[str]:
    page = results.leads(owner, campaign, LeadFilter(), LeadSort.NAME)
    return {each.name for each in page.rows}


def test_a_list_is_planned_looked_up_and_gone(owner: Person, database: Database, tmp_path: Path) -> None:
    kept(owner, b"website\nharbour.test\n", ListKind.CUSTOMERS)
    known = lead(1, name="Anchor", domain="anchor.test", website="http://anchor.test/", city="Espoo")
    finished(owner, [known])
    uploaded = checked(owner, FILE, ListKind.OWN, "Fair")
    assert (uploaded.state, uploaded.usable, uploaded.bad, uploaded.known) == (ListState.CHECKED, 5, 1, 1)
    assert lists.orderable(owner, uploaded.id).companies == 5
    with pytest.raises(NotFound):
        lists.keep(owner, uploaded.id)
    order = order_of(uploaded.id, known_companies=KnownCompanies.SKIP)
    plan = planning.estimate(owner, order)
    assert plan.customers is not None
    assert plan.in_book is not None
    assert (plan.known, plan.leads_high, plan.cost_high_micros) == (5, 2, 0)
    assert (plan.customers.number, plan.in_book.known) == (1, 1)
    # Nobody else can order it, nor is it one of the sources people choose.
    with pytest.raises(Conflict, match="not kept any more"):
        campaigns.submit(person("stranger"), order, "theirs")
    with pytest.raises(Invalid, match="not known here"):
        campaigns.submit(
            owner, CampaignSpec(business_types=("cafe",), location="Turku", sources=(OWN_LIST,)), "x"
        )
    campaign = campaigns.submit(owner, order, "key")
    assert campaigns.submit(owner, order, "key") == campaign
    assert row(owner, uploaded.id).state is ListState.ORDERED
    with pytest.raises(Conflict, match="not kept any more"):
        campaigns.submit(owner, order, "again")
    with worker(tmp_path):
        view = ended(owner, campaign)
    assert (view.status, view.title, view.lead_count) == (CampaignStatus.COMPLETED, "List Fair", 2)
    assert (view.customers, view.in_book, view.spent_micros) == (1, 1, 0)
    assert names(owner, campaign) == {"Lantern Oy", "Compass"}
    assert "Merged 1 duplicate." in [event.message for event in history.events(owner, campaign)]
    assert rows(database.superuser_url, "select name from lists where kind = 'own'") == []
    assert rows(database.superuser_url, "select 1 from list_files") == []
    with pytest.raises(Conflict, match="Upload the file again"):
        campaigns.run_again(owner, campaign, "once more")
    with pytest.raises(NotFound):
        lists.orderable(owner, uploaded.id)


def test_included_companies_are_those_of_the_book(owner: Person, database: Database, tmp_path: Path) -> None:
    known = lead(1, name="Anchor", domain="anchor.test", website="http://anchor.test/", city="Espoo")
    finished(owner, [known])
    uploaded = checked(owner, FILE, ListKind.OWN, "Fair")
    with worker(tmp_path):
        view = ended(owner, campaigns.submit(owner, order_of(uploaded.id), "key"))
    assert (view.lead_count, view.in_book) == (4, 1)
    assert rows(database.superuser_url, "select count(*) from companies") == [(4,)]


@pytest.mark.parametrize("moment", ["businesses.committed", "discovery.committing", "discovery.committed"])
def test_a_run_that_dies_ends_with_the_same_leads(
    owner: Person, database: Database, tmp_path: Path, moment: str
) -> None:
    uploaded = checked(owner, FILE, ListKind.OWN, "Fair")
    mark = tmp_path / "mark"
    campaign = campaigns.submit(owner, order_of(uploaded.id), "key")
    with worker(tmp_path, CRASH_AT=f"{moment}:1:self:{mark}"):
        eventually(mark.exists, "the death of the run")
        view = ended(owner, campaign)
    assert (view.status, names(owner, campaign)) == (
        CampaignStatus.COMPLETED,
        {"Lantern Oy", "Harbour", "Anchor", "Compass"},
    )
    assert rows(database.superuser_url, "select 1 from lists") == []


def test_a_list_that_is_let_go_before_it_was_read_ends_its_campaign_with_the_reason(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    read = checked(owner, FILE, ListKind.OWN, "Fair")
    campaign = campaigns.submit(owner, order_of(read.id), "key")
    with transaction(Role.SYSTEM) as conn:
        assert forget(conn) == 0
    erasing.erase(owner, subject_of("somebody@lantern.test"))
    assert rows(database.superuser_url, "select 1 from list_files") == []
    with worker(tmp_path):
        view = ended(owner, campaign)
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 0)
    assert str(view.notice).startswith("The list Fair is not kept any more.")


def test_an_ordered_list_goes_a_day_after_its_campaign_ended_without_reading_it(
    owner: Person, database: Database
) -> None:
    read = checked(owner, FILE, ListKind.OWN, "Fair")
    campaign = campaigns.submit(owner, order_of(read.id), "key")
    campaigns.cancel(owner, campaign)
    change(database.superuser_url, "update campaigns set status = 'cancelled', ended_at = now()")
    with transaction(Role.SYSTEM) as conn:
        assert forget(conn) == 0
    change(database.superuser_url, "update campaigns set ended_at = now() - interval '25 hours'")
    with transaction(Role.SYSTEM) as conn:
        assert forget(conn) == 1


def test_a_list_of_more_companies_than_a_campaign_takes_is_refused(owner: Person) -> None:
    many = b"website\n" + b"".join(b"anchor-%d.test\n" % number for number in range(1001))
    refused = checked(owner, many, ListKind.OWN, "Fair")
    assert refused.state is ListState.REFUSED
    assert refused.said == "A campaign looks up 1,000 companies at most. This file names 1,001."
