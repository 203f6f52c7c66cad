"""Companies of the book, erased together."""

from __future__ import annotations

import pytest

from services import book, book_erasing, book_work, results, suppression_list
from services.errors import Conflict, Invalid
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from tests.support.campaigns import TODAY, claimed, finished, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def found(owner: Person) -> dict[str, book.CompanyRow]:
    rows = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    return {f"{row.lead.name} {row.lead.address}": row for row in rows}


def test_companies_go_with_all_their_leads_and_stay_away(owner: Person) -> None:
    lantern = {"name": "Lantern", "domain": "lantern.test", "phone": "+358401234567", "city": "Turku"}
    shops = [
        lead(1, postcode="20100", **lantern),
        lead(2, name="Beans", city="Turku", postcode="20100"),
        lead(3, name="Beans", city="Turku", postcode="20500"),
    ]
    campaigns = [finished(owner, shops), finished(owner, [lead(1, postcode="20100", **lantern)])]
    before = found(owner)
    chosen = [
        before[f"{name} Test street {number}"].company_id for name, number in (("Lantern", 1), ("Beans", 2))
    ]
    counts = book_erasing.preview(owner, chosen)
    assert (counts["leads"], counts["businesses"]) == (3, 3)
    assert found(owner) == before
    assert book_erasing.erase(owner, chosen) == counts
    # The other branch is at another postcode.
    assert [*found(owner)] == ["Beans Test street 3"]
    assert [results.leads(owner, campaign, LeadFilter(), LeadSort.NAME).total for campaign in campaigns] == [
        1,
        0,
    ]
    for typed, place in (
        ("lantern.test", ""),
        ("+358401234567", ""),
        ("Lantern", "20100"),
        ("Beans", "20100"),
    ):
        assert suppression_list.check(owner, typed, place) is not None
    assert suppression_list.check(owner, "Beans", "20500") is None


def test_what_cannot_be_erased_stays_whole(owner: Person) -> None:
    finished(owner, [lead(1, city="Turku"), lead(2)])
    companies = book_work.matching(owner, LeadFilter(), TODAY)
    with pytest.raises(Invalid, match="Of Cafe 002 neither town nor postcode is known"):
        book_erasing.erase(owner, companies)
    with pytest.raises(Invalid, match="At most 20 companies"):
        book_erasing.erase(owner, companies * 11)
    running = claimed(owner, submitted(owner))
    store_leads(running, [lead(1, city="Turku")])
    with pytest.raises(Conflict):
        book_erasing.erase(owner, book_work.matching(owner, LeadFilter(text="001"), TODAY))
    assert len(found(owner)) == 2
    assert suppression_list.check(owner, "Cafe 001", "Turku") is None
