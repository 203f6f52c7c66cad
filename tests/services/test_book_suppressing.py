"""Companies of the book on the suppression list, many at once, and off it again."""

from __future__ import annotations

import pytest

from pipeline.suppression import SuppressedBy
from services import auditing, book, book_suppressing, book_work, suppression_list
from services.auditing import AuditWhere
from services.errors import Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store.ids import new_id
from tests.support.campaigns import TODAY, finished, lead
from tests.support.people import joins, person
from tests.support.servers import Database


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def found(owner: Person) -> None:
    finished(
        owner,
        [
            lead(1, name="Lantern", domain="lantern.test", email="info@lantern.test", phone="+358401234567",
                 city="Turku", postcode="20100", details={"other_phones": "+358401234568"}),
            lead(2, name="Beans", domain="beans.test", phone="+358409999999", chain="Beans", city="Oulu"),
            lead(3, name="Anchor", email="anchor@gmail.com"),
            lead(4, name="Nowhere"),
        ],
    )  # fmt: skip


def on_the_list(owner: Person, *typed: tuple[str, str]) -> list[bool]:
    return [suppression_list.check(owner, who, place) is not None for who, place in typed]


NAMED = (
    *(("lantern.test", ""), ("info@lantern.test", ""), ("+358401234567", ""), ("+358401234568", "")),
    *(("Lantern", "Turku"), ("Lantern", "20100"), ("Beans", "Oulu"), ("anchor@gmail.com", "")),
)
STRANGERS = (("beans.test", ""), ("+358409999999", ""), ("Lantern", "Oulu"))


def test_companies_come_onto_the_list_by_all_they_are_known_by_and_off_it_again(owner: Person) -> None:
    found(owner)
    (kept,) = [suppression_list.understood("+358401234567")]
    suppression_list.add(owner, [kept], "Before")
    companies = book_work.matching(owner, LeadFilter(), TODAY)
    done = book_suppressing.suppress(owner, [*companies, new_id()], " Asked  us ")
    assert (done.companies, done.nameless, done.entries) == (3, 1, 7)
    assert all(on_the_list(owner, *NAMED))
    assert not any(on_the_list(owner, *STRANGERS))
    entry = suppression_list.check(owner, "lantern.test")
    assert entry is not None
    assert (entry.reason, entry.source) == ("Asked us", SuppressedBy.TYPED)
    again = book_suppressing.suppress(owner, companies, "Again")
    assert (again.companies, again.entries) == (3, 0)
    with pytest.raises(NotFound):
        book_suppressing.take_back(owner, again)
    # The leads stay.
    assert book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).matching == 4
    assert book_suppressing.take_back(owner, done) == 7
    # What was on the list before stays on it.
    assert on_the_list(owner, *NAMED) == [False, False, True, False, False, False, False, False]
    boss = person("boss", is_admin=True)
    (noted,) = [
        row for row in auditing.listing(boss, AuditWhere()).rows if row.action == "suppressions_taken_back"
    ]
    assert noted.detail["entries"] == 7


def test_who_may_put_companies_on_the_list_takes_none_off(owner: Person, database: Database) -> None:
    found(owner)
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    companies = book_work.matching(member, LeadFilter(), TODAY)
    done = book_suppressing.suppress(member, companies, "Asked us")
    with pytest.raises(NotAllowed):
        book_suppressing.take_back(member, done)
    # It is another one's act.
    with pytest.raises(NotFound):
        book_suppressing.take_back(owner, done)
    for reason, many in (("  ", companies), ("x", companies * 2501)):
        with pytest.raises(Invalid):
            book_suppressing.suppress(member, many, reason)
