"""Choosing companies of the book to be looked up again."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

import settings
from pipeline.campaign import CampaignSpec, KnownCompanies
from services import book, book_again, campaigns, lists
from services.errors import Invalid, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.lists import ListKind, ListState
from services.results import LeadSort
from store.database import Role, transaction
from store.list_work import forget
from tests.support.campaigns import TODAY, finished, lead
from tests.support.lists import checked, offered, row, work
from tests.support.people import person
from tests.support.servers import Database, change, rows


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def stocked(owner: Person) -> list[UUID]:
    """A book of three companies, one of which has a website."""
    finished(owner, [lead(1, domain="a.test", website="http://a.test/"), lead(2), lead(3)])
    page = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY)
    return [each.company_id for each in page.rows]


def test_a_list_holds_the_companies_and_says_of_whom_nothing_can_be_asked(
    owner: Person, database: Database
) -> None:
    companies = stocked(owner)
    chosen = book_again.choose(owner, [*companies, companies[0], uuid4()])
    own = lists.orderable(owner, chosen.list_id)
    assert (own.name, own.companies, own.is_of_book) == ("Look up again: 3 companies", 3, True)
    assert (own.left_out, own.bare) == (1, 2)
    shown = row(owner, chosen.list_id)
    assert (shown.kind, shown.state, shown.usable, shown.known) == (ListKind.OWN, ListState.CHECKED, 3, 3)
    # The file holds nothing but who they are.
    ((data, columns),) = rows(
        database.superuser_url, "select encode(data, 'escape'), columns from list_files"
    )
    assert sorted(str(data).split()) == sorted(map(str, companies))
    assert columns == {}
    assert book_again.choose(owner, companies[:1]).companies == 1


def test_a_name_that_was_not_to_be_kept_is_found_on_the_website_or_left_out(
    owner: Person, database: Database
) -> None:
    companies = stocked(owner)
    change(
        database.superuser_url, "update businesses set name = 'Name removed', domain = null, website = null"
    )
    change(database.superuser_url, "update leads set name = 'Name removed' where domain is null")
    chosen = book_again.choose(owner, companies)
    own = lists.orderable(owner, chosen.list_id)
    assert (own.companies, own.left_out) == (1, 2)
    with pytest.raises(NotFound, match="None of these companies"):
        book_again.choose(owner, companies[1:])


def test_an_order_of_it_for_new_companies_alone_is_refused(owner: Person) -> None:
    chosen = book_again.choose(owner, stocked(owner))
    whom = lists.orderable(owner, chosen.list_id).whom
    order = CampaignSpec.model_validate({**whom, "known_companies": KnownCompanies.SKIP})
    with pytest.raises(Invalid, match="Every company chosen from the book is in it"):
        campaigns.submit(owner, order, "key")
    assert row(owner, chosen.list_id).state is ListState.CHECKED
    campaigns.submit(owner, order.model_copy(update={"known_companies": KnownCompanies.INCLUDE}), "key")


def test_more_than_a_campaign_takes_and_companies_of_others_are_refused(owner: Person) -> None:
    companies = stocked(owner)
    with pytest.raises(Invalid, match="At most 1,000 companies are looked up at once"):
        book_again.choose(owner, [uuid4() for _ in range(1001)])
    with pytest.raises(NotFound):
        book_again.choose(person("stranger"), companies)


def test_lists_nobody_orders_go_with_the_next_ones_and_within_a_day(
    owner: Person, database: Database
) -> None:
    companies = stocked(owner)
    uploaded = checked(owner, b"website\na.test\n", ListKind.OWN)
    made = [book_again.choose(owner, companies).list_id for _ in range(6)]
    there = {each.id for each in lists.newest(owner)}
    assert there == {uploaded.id, *made[1:]}
    # They take no place of files that wait.
    offered(owner, b"website\nb.test\n", ListKind.OWN)
    work()
    with transaction(Role.SYSTEM) as conn:
        assert forget(conn) == 0
    change(database.superuser_url, "update lists set created_at = now() - interval '25 hours'")
    with transaction(Role.SYSTEM) as conn:
        assert forget(conn) == 7
    assert rows(database.superuser_url, "select 1 from list_files") == []


def test_the_budget_is_what_the_look_ups_may_cost(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    companies = stocked(owner)
    assert book_again.choose(owner, companies).budget_usd == 0
    monkeypatch.setenv("HUNTER_IO_API_KEY", "a-key")
    settings.get.cache_clear()
    # One company with a website, and one question more.
    assert book_again.choose(owner, companies).budget_usd == Decimal("0.05")
