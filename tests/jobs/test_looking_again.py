"""Companies chosen from the book, looked up again by real workers: the same companies, whatever they are known by."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from pipeline.campaign import LEAD_BOOK, LISTED_AS, CampaignSpec, CampaignStatus, KnownCompanies
from pipeline.lead import Lead, Origin
from pipeline.suppression import subject_of
from services import book, book_again, book_edits, campaigns, lists, planning, suppression_list
from services.book_again import Chosen
from services.campaigns import CampaignView
from services.errors import Conflict, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.lists import ListKind
from services.results import LeadSort
from tests.support.campaigns import TODAY, business, finished, lead
from tests.support.lists import checked, kept
from tests.support.people import person
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually, worker

SHOWN = (
    "select company_id, name, category, lat, lon, city, phone, domain, opening_hours, chain, origins::text,"
    " provenance::text from leads where is_current order by company_id"
)


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def branch(number: int, **more: object) -> Lead:
    """A branch of a chain: name, number and website are those of all."""
    shared = {"name": "Beans", "phone": "+358401234567", "domain": "beans.test", "chain": "Beans"}
    return lead(number, website="http://beans.test/", **{**shared, **more})


def companies_of(owner: Person) -> dict[str, UUID]:
    page = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY, limit=100)
    return {f"{row.lead.name} {row.lead.city or ''}".strip(): row.company_id for row in page.rows}


def order_of(chosen: Chosen, **values: object) -> CampaignSpec:
    given = {
        "business_types": (LISTED_AS,),
        "location": "Look up again",
        "max_results": chosen.companies,
        "known_companies": KnownCompanies.REFRESH,
        "skip_customers": True,
        "own_list": chosen.list_id,
        "sources": (LEAD_BOOK,),
    }
    return CampaignSpec.model_validate({**given, **values})


def looked_up(owner: Person, chosen: Chosen, folder: Path, **values: object) -> CampaignView:
    campaign = campaigns.submit(owner, order_of(chosen, **values), str(chosen.list_id))
    with worker(folder):
        eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    return campaigns.get(owner, campaign)


def test_the_same_companies_are_updated_whatever_is_known_of_them(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    google = Origin(source="google_places", ref="ChIJ7", observed_on=TODAY)
    found = [
        lead(1, name="Lantern", domain="lantern.test", website="http://lantern.test/", opening_hours="24/7"),
        lead(2, name="Only a point", address=None, provenance={}),
        branch(3, city="Turku"),
        branch(4, city="Oulu", lat=65.0),
        lead(5, name="Two sources", origins=(*business(5).origins, google), phone="+358401234568"),
        lead(6, name="Nowhere", lat=None, lon=None, address=None, provenance={}, domain="nowhere.test"),
    ]
    finished(owner, found)
    uploaded = checked(owner, b"name;town\nTyped;Espoo\n", ListKind.OWN, "Fair")
    of_file = {"own_list": uploaded.id, "sources": ("own_list",), "known_companies": KnownCompanies.INCLUDE}
    first = looked_up(
        owner, Chosen(list_id=uploaded.id, companies=1, budget_usd=Decimal(0)), tmp_path, **of_file
    )
    assert first.lead_count == 1
    before, everybody = rows(database.superuser_url, SHOWN), companies_of(owner)
    assert len(everybody) == 7
    view = looked_up(owner, book_again.choose(owner, list(everybody.values())), tmp_path)
    assert (view.status, view.lead_count, view.in_book) == (CampaignStatus.COMPLETED, 7, 7)
    assert rows(database.superuser_url, SHOWN) == before
    assert rows(database.superuser_url, "select count(*) from companies") == [(7,)]
    assert rows(database.superuser_url, "select distinct campaign_id from leads where is_current") == [
        (str(view.id),)
    ]
    assert rows(database.superuser_url, "select 1 from lists union all select 1 from list_files") == []
    # And once more, from what that campaign knows.
    again = looked_up(owner, book_again.choose(owner, list(everybody.values())), tmp_path)
    assert (again.lead_count, rows(database.superuser_url, SHOWN)) == (7, before)


def test_a_company_whose_record_was_once_another_ones_is_still_itself(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    one, other = business(1).origins + business(2).origins, business(2).origins
    finished(owner, [lead(1, name="One", origins=one)])
    finished(owner, [lead(1, name="One"), lead(2, name="Other", origins=other)])
    known = companies_of(owner)
    view = looked_up(owner, book_again.choose(owner, [known["Other"]]), tmp_path)
    assert rows(
        database.superuser_url,
        f"select name, company_id from leads where campaign_id = '{view.id}'",
    ) == [("Other", str(known["Other"]))]
    assert companies_of(owner) == known


def test_what_sources_say_is_looked_up_and_corrections_stand(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    finished(owner, [lead(1, name="Lantern", city="Turku", phone="+358401234567")])
    (company,) = companies_of(owner).values()
    book_edits.edit(owner, company, {"name": "Lighthouse", "phone": "+358401234599"})
    view = looked_up(owner, book_again.choose(owner, [company]), tmp_path)
    assert rows(database.superuser_url, f"select name from businesses where campaign_id = '{view.id}'") == [
        ("Lantern",)
    ]
    assert companies_of(owner) == {"Lighthouse Turku": company}
    (found,) = rows(database.superuser_url, "select found -> 'phone' ->> 'value' from leads where is_current")
    assert found == ("+358401234567",)


def test_whom_the_order_leaves_out_is_not_looked_up(owner: Person, tmp_path: Path) -> None:
    shops = ("lantern", "anchor", "harbour")
    finished(
        owner,
        [
            lead(n, name=name.title(), domain=f"{name}.test", website=f"http://{name}.test/")
            for n, name in enumerate(shops)
        ],
    )
    kept(owner, b"website\nanchor.test\n", ListKind.CUSTOMERS)
    suppression_list.add(owner, [subject_of("harbour.test")], "Asked us")
    chosen = book_again.choose(owner, list(companies_of(owner).values()))
    plan = planning.estimate(owner, order_of(chosen))
    assert (plan.known, plan.leads_high, plan.customers and plan.customers.number) == (3, 1, 1)
    view = looked_up(owner, chosen, tmp_path)
    assert (view.lead_count, view.customers) == (1, 1)


def test_it_is_no_list_of_a_file_and_is_ordered_once(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    finished(owner, [lead(1)])
    chosen = book_again.choose(owner, list(companies_of(owner).values()))
    with pytest.raises(Conflict, match="not kept any more"):
        campaigns.submit(owner, order_of(chosen, sources=("own_list",)), "as a file")
    with pytest.raises(Conflict, match="not kept any more"):
        campaigns.submit(person("stranger"), order_of(chosen), "theirs")
    looked_up(owner, chosen, tmp_path)
    with pytest.raises(NotFound, match="choose the companies on Leads again"):
        lists.orderable(owner, chosen.list_id)


def test_a_company_that_is_gone_before_the_campaign_reads_it_is_left_out(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    gone = finished(owner, [lead(1)])
    finished(owner, [lead(2)])
    chosen = book_again.choose(owner, list(companies_of(owner).values()))
    campaigns.delete(owner, gone)
    assert looked_up(owner, chosen, tmp_path).lead_count == 1
    assert rows(database.superuser_url, "select count(*) from companies") == [(1,)]


def test_a_run_that_dies_ends_with_the_same_companies(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    finished(owner, [branch(n, lat=60.0 + n) for n in range(12)])
    before, mark = rows(database.superuser_url, SHOWN), tmp_path / "mark"
    ids = [UUID(str(company)) for company, *_ in before]
    chosen = book_again.choose(owner, ids)
    campaign = campaigns.submit(owner, order_of(chosen), "key")
    with worker(tmp_path, CRASH_AT=f"leads.committed:1:self:{mark}"):
        eventually(mark.exists, "the death of the run")
        eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    assert (campaigns.get(owner, campaign).lead_count, rows(database.superuser_url, SHOWN)) == (12, before)


def test_values_that_may_be_kept_for_some_days_go_when_they_would_have(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    google = Origin(source="google_places", ref="ChIJ7", observed_on=TODAY)
    finished(owner, [lead(1, origins=(google,), provenance={"address": google, "name": google})])
    change(
        database.superuser_url,
        "update leads set provenance = jsonb_set(jsonb_set(provenance, '{name,observed_on}',"
        " to_jsonb(to_char(current_date - 20, 'YYYY-MM-DD'))), '{address,observed_on}',"
        " to_jsonb(to_char(current_date - 20, 'YYYY-MM-DD')))",
    )
    change(database.superuser_url, "update businesses b set provenance = l.provenance from leads l")
    looked_up(owner, book_again.choose(owner, list(companies_of(owner).values())), tmp_path)
    assert rows(
        database.superuser_url,
        "select retain_until - current_date from leads where is_current",
    ) == [(10,)]
