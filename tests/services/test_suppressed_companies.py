"""Which companies of the book are on the suppression list: told by every way onto it and off it again."""

from __future__ import annotations

import pytest

from pipeline.suppression import SuppressedBy, subject_of
from services import book, book_suppressing, book_work, erasing, lists, suppression_list
from services.identity import Person
from services.lead_filter import LeadFilter
from services.lists import ListKind
from services.results import LeadSort
from store import suppressions
from store.database import Role, transaction
from store.suppressions import Entry
from tests.support.campaigns import TODAY, claimed, finished, lead, submitted
from tests.support.lists import kept
from tests.support.people import person
from tests.support.servers import Database, rows


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def stocked(owner: Person) -> Person:
    finished(
        owner,
        [
            lead(1, name="Lantern", domain="lantern.test", email="Info@lantern.test", phone="+358401234567",
                 city="Turku", postcode="20100", details={"other_phones": "+358401234568; +358401234569"}),
            lead(2, name="Beans", domain="beans.test", phone="+358409999999", chain="Beans", city="Oulu"),
            lead(3, name="Beans", domain="beans.test", phone="+358409999999", chain="Beans", city="Turku"),
            lead(4, name="Café Ångström Oy", email="anchor@gmail.com", postcode="00100", city="Helsinki"),
            lead(5, name="Nowhere", details={"other_websites": "https://www.nowhere.test/en; http://b.test",
                                             "other_emails": "hello@gmail.com"}),
        ],
    )  # fmt: skip
    return owner


def suppressed(owner: Person) -> list[str]:
    found = book.companies(owner, LeadFilter(is_suppressed=True), LeadSort.NAME, TODAY).rows
    others = book.companies(owner, LeadFilter(is_suppressed=False), LeadSort.NAME, TODAY).rows
    assert not {row.company_id for row in found} & {row.company_id for row in others}
    assert len(found) + len(others) == len(book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows)
    for row in found:
        assert row.is_suppressed
        assert book.company(owner, row.company_id).row.is_suppressed
    return [f"{row.lead.name} {row.lead.city or ''}".strip() for row in found]


@pytest.mark.parametrize(
    ("typed", "place", "meant"),
    [
        ("lantern.test", "", ["Lantern Turku"]),
        ("INFO@lantern.test", "", ["Lantern Turku"]),
        ("+358401234567", "", ["Lantern Turku"]),
        ("+358401234569", "", ["Lantern Turku"]),
        ("Lantern", "Turku", ["Lantern Turku"]),
        ("Lantern", "20100", ["Lantern Turku"]),
        ("beans.test", "", ["Beans Oulu", "Beans Turku"]),
        ("Beans", "Oulu", ["Beans Oulu"]),
        ("Cafe Angstrom Oy", "Helsinki", ["Café Ångström Oy Helsinki"]),
        ("anchor@gmail.com", "", ["Café Ångström Oy Helsinki"]),
        ("nowhere.test", "", ["Nowhere"]),
        ("hello@gmail.com", "", ["Nowhere"]),
        # None of them is meant.
        ("Lantern", "Oulu", []),
        ("other@lantern.test", "", []),
        ("shop.lantern.test", "", []),
        ("+358401234560", "", []),
    ],
)
def test_who_is_put_on_the_list_is_known_in_the_book_until_taken_off(
    stocked: Person, typed: str, place: str, meant: list[str]
) -> None:
    stranger = person("stranger")
    finished(stranger, [lead(1, name="Lantern", domain="lantern.test", city="Turku")])
    subject = suppression_list.understood(typed, place)
    suppression_list.add(stocked, [subject], "Asked us")
    assert suppressed(stocked) == meant
    assert suppressed(stranger) == []
    (entry,) = suppression_list.entries(stocked).rows
    suppression_list.remove(stocked, entry.hash)
    assert suppressed(stocked) == []
    suppression_list.add(stocked, [subject], "Asked us again")
    assert suppressed(stocked) == meant


def test_a_file_and_a_bulk_act_mark_and_undo_leaves_who_was_on_it_before(stocked: Person) -> None:
    file = suppression_list.read(b"value\n+358401234567\nanchor@gmail.com\n")
    suppression_list.add_file(stocked, file, "From a file", skip_bad=False)
    before = ["Café Ångström Oy Helsinki", "Lantern Turku"]
    assert suppressed(stocked) == before
    done = book_suppressing.suppress(stocked, book_work.matching(stocked, LeadFilter(), TODAY), "All")
    # Nothing is known that tells branches of a chain and who has neither place nor number.
    assert suppressed(stocked) == ["Beans Oulu", "Beans Turku", *before, "Nowhere"]
    book_suppressing.take_back(stocked, done)
    assert suppressed(stocked) == before


def test_an_exclusion_list_marks_and_comes_back_with_its_marks(stocked: Person) -> None:
    found = kept(stocked, b"Website,Phone\nlantern.test,\n,+358409999999\n", ListKind.EXCLUSION)
    meant = ["Beans Oulu", "Beans Turku", "Lantern Turku"]
    assert suppressed(stocked) == meant
    lists.remove(stocked, found.id)
    assert suppressed(stocked) == []
    lists.restore(stocked, found.id)
    assert suppressed(stocked) == meant


def test_what_a_provider_says_in_a_campaign_marks_too(stocked: Person) -> None:
    lease = claimed(stocked, submitted(stocked))
    subject = subject_of("lantern.test")
    entry = Entry(subject=subject, reason="Asked the provider", source=SuppressedBy.PROVIDER)
    with transaction(Role.WORKER, lease=lease) as conn:
        suppressions.add(conn, stocked.workspace_id, [entry])
    assert suppressed(stocked) == ["Lantern Turku"]


def test_who_is_erased_is_known_by_no_company_that_stays(stocked: Person, database: Database) -> None:
    """The company keeps its lead; only the address of somebody goes from it."""
    subject = suppression_list.understood("anchor@gmail.com")
    suppression_list.add(stocked, [subject], "Asked us")
    assert suppressed(stocked) == ["Café Ångström Oy Helsinki"]
    erasing.erase(stocked, subject)
    assert suppressed(stocked) == []
    assert rows(database.superuser_url, "select count(*) from suppressed_companies") == [(0,)]
    assert suppression_list.check(stocked, "anchor@gmail.com") is not None
