"""Companies of the book, erased together."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services import book, book_erasing, book_work, results, suppression_list
from services.errors import Conflict, Invalid
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from store.database import Role, transaction
from tests.support.campaigns import TODAY, claimed, finished, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, rows


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
    going = book_erasing.preview(owner, chosen)
    assert (going.companies, going.counts["leads"], going.counts["businesses"]) == (2, 3, 3)
    assert found(owner) == before
    assert book_erasing.erase(owner, chosen) == going
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


def test_as_many_as_match_are_erased_at_once_and_each_is_kept_away(owner: Person, database: Database) -> None:
    shops = [lead(number, city="Turku", postcode=f"{20100 + number}") for number in range(260)]
    # The name of one at the place of another is neither of both.
    finished(owner, [*shops, lead(300, name="Cafe 000", city="Turku", postcode="20101")])
    of_both = book_work.matching(owner, LeadFilter(place="20101"), TODAY)
    all_others = set(book_work.matching(owner, LeadFilter(), TODAY)) - {
        row.company_id for row in found(owner).values() if row.lead.address == "Test street 300"
    }
    assert (len(of_both), len(all_others)) == (2, 260)
    done = book_erasing.erase(owner, [*all_others])
    assert (done.companies, done.placeless, done.counts["leads"]) == (260, 0, 260)
    assert [*found(owner)] == ["Cafe 000 Test street 300"]
    for number in (0, 249, 250, 259):
        assert suppression_list.check(owner, f"Cafe {number:03}", f"{20100 + number}") is not None
    assert suppression_list.check(owner, "Cafe 000", "20101") is None
    said = "select count(*) from audit_log where action = 'erased'"
    kept = "select count(*) from suppressions where source = 'erasure' and hint <> ''"
    assert rows(database.superuser_url, said) == rows(database.superuser_url, kept) == [(260,)]


def test_code_of_before_finds_one_company_while_an_upgrade_goes_on(owner: Person) -> None:
    finished(owner, [lead(1, city="Turku"), lead(2, city="Turku"), lead(3, name="Cafe 001", city="Espoo")])
    asked = '{"kind": "company", "name": "cafe001", "place": "turku"}'
    with transaction(Role.WEB, proof=owner.proof) as conn:
        ((found,),) = conn.execute(
            sa.text(
                "select count(*) from subject_businesses(:workspace, cast(:asked as jsonb)) where is_whole"
            ),
            {"workspace": owner.workspace_id, "asked": asked},
        )
    assert found == 1


def test_what_cannot_be_erased_stays_whole(owner: Person) -> None:
    finished(owner, [lead(1, city="Turku"), lead(2)])
    companies = book_work.matching(owner, LeadFilter(), TODAY)
    (nowhere,) = book_work.matching(owner, LeadFilter(text="002"), TODAY)
    with pytest.raises(Invalid, match="Of Cafe 002 neither town nor postcode is known"):
        book_erasing.erase(owner, [nowhere])
    going = book_erasing.preview(owner, companies)
    assert (going.companies, going.placeless) == (1, 1)
    with pytest.raises(Invalid, match="At most 10,000 companies"):
        book_erasing.erase(owner, companies * 5001)
    running = claimed(owner, submitted(owner))
    store_leads(running, [lead(1, city="Turku")])
    with pytest.raises(Conflict):
        book_erasing.erase(owner, book_work.matching(owner, LeadFilter(text="001"), TODAY))
    assert len(found(owner)) == 2
    assert suppression_list.check(owner, "Cafe 001", "Turku") is None
