"""Companies on lists of customers: left out before anything is asked about them, or counted."""

from __future__ import annotations

import pytest

from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.discovery.customers import Customers
from pipeline.discovery.familiar import BATCH
from pipeline.listed_companies import keys_of_company
from pipeline.output import notices
from pipeline.output.notices import Skipped
from pipeline.run import run
from tests.pipeline.memory import (
    TODAY,
    ListBook,
    ListCustomers,
    ListMemory,
    ListProgress,
    ListSearch,
    cafes,
    from_places,
    ports,
    spec,
)

WITHOUT = spec(max_results=3, skip_customers=True)


def listed(number: int) -> ListCustomers:
    """A list of the first of the cafés by name and town: they share one number and one website."""
    found = from_places(cafes(number), "FI", TODAY)
    keys = (key for business in found for key in keys_of_company(business))
    return ListCustomers(frozenset(key for key in keys if key.startswith("company:")))


def test_customers_are_no_leads_and_others_take_their_places() -> None:
    memory, progress = ListMemory(), ListProgress()
    outcome = run(WITHOUT, ports(ListSearch(cafes(8)), memory=memory, progress=progress, customers=listed(4)))
    assert (outcome.status, outcome.leads, outcome.notice) == (CampaignStatus.COMPLETED, 3, None)
    assert {business.name for business in memory.found.values()} == {f"Anchor {n:04}" for n in range(4, 8)}
    assert (memory.bought, memory.known) == (4, 0)
    assert "4 businesses left out: customers of yours." in progress.messages
    assert not any("duplicate" in message for message in progress.messages)


def test_an_order_with_customers_takes_them_and_counts_them() -> None:
    memory, progress = ListMemory(), ListProgress()
    outcome = run(spec(), ports(ListSearch(cafes(5)), memory=memory, progress=progress, customers=listed(2)))
    assert (outcome.leads, memory.bought) == (5, 2)
    assert "2 of 5 businesses found were customers of yours." in progress.messages


def test_a_company_of_the_book_that_is_marked_is_left_out_whatever_its_record_says() -> None:
    marked = ListCustomers(companies=from_places(cafes(2), "FI", TODAY))
    assert run(WITHOUT, ports(ListSearch(cafes(3)), customers=marked)).leads == 1


def test_a_customer_in_the_book_counts_as_a_customer() -> None:
    order = spec(max_results=3, skip_customers=True, known_companies="skip")
    memory, held = ListMemory(), ListBook(from_places(cafes(3), "FI", TODAY))
    outcome = run(order, ports(ListSearch(cafes(4)), memory=memory, book=held, customers=listed(2)))
    assert (outcome.leads, memory.bought, memory.known) == (1, 2, 1)


@pytest.mark.parametrize("is_resumed", [False, True])
def test_where_all_are_customers_the_notice_says_so(is_resumed: bool) -> None:
    memory = ListMemory(bought=3, finished=True) if is_resumed else ListMemory()
    outcome = run(WITHOUT, ports(ListSearch(cafes(3)), memory=memory, customers=listed(3)))
    assert (outcome.status, outcome.leads, memory.found) == (CampaignStatus.COMPLETED, 0, {})
    assert outcome.notice == (
        "All 3 businesses found are customers of yours, so there is no lead. Try another place or type, or include"
        " customers."
    )


def test_the_notices_name_each_reason_and_few_others_are_called_so() -> None:
    outcome = run(WITHOUT, ports(ListSearch(cafes(4)), customers=listed(2)))
    assert str(outcome.notice).startswith("All 2 other businesses found are in the list; you asked for 3.")
    both = notices.nobody_left(WITHOUT, Skipped(in_book=1, customers=2), 3)
    assert "in your book already or customers of yours or on your suppression list" in both
    assert both.endswith("or include companies of your book and customers.")
    assert notices.nobody_left(WITHOUT, Skipped(customers=1), 0).startswith(
        "The only business found is a customer"
    )


def test_nothing_is_asked_twice_and_in_batches() -> None:
    held = listed(1)
    customers, found = Customers(held.named, held.stands), from_places(cafes(1000), "FI", TODAY)
    for part in (found[:500], found):
        assert customers.among(part) == {found[0].key}
    asked = [value for batch in held.asked for value in batch]
    assert len(asked) == len(set(asked)) > BATCH >= max(map(len, held.asked))


def test_an_order_of_before_takes_customers() -> None:
    assert not CampaignSpec.model_validate({"business_types": ["cafe"], "location": "Town"}).skip_customers
