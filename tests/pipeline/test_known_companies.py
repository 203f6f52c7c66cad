"""Companies of the workspace's book: left out before anything is asked about them, or counted."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.discovery.familiar import BATCH
from pipeline.enrichment.steps import OpenDataStep
from pipeline.lead import Lead
from pipeline.output import notices
from pipeline.output.notices import Skipped
from pipeline.run import run
from tests.pipeline.memory import (
    METRE,
    TODAY,
    ListBook,
    ListMemory,
    ListProgress,
    ListSearch,
    cafes,
    from_places,
    full_place,
    place,
    ports,
    spec,
)

SKIP = spec(max_results=3, known_companies="skip")


@dataclass
class Spy(OpenDataStep):
    """The step that reads the open data, and whom it was given."""

    seen: list[str] = field(default_factory=list)

    def enrich(self, lead: Lead) -> Lead:
        self.seen.append(lead.business.name)
        return super().enrich(lead)


def book(number: int) -> ListBook:
    """A book that holds the first of the cafés."""
    return ListBook(from_places(cafes(number), "FI", TODAY))


def test_an_order_for_new_companies_asks_about_no_other_and_fills_itself_with_new_ones() -> None:
    memory, progress, spy = ListMemory(), ListProgress(), Spy()
    search = ListSearch(cafes(8))
    outcome = run(SKIP, ports(search, memory=memory, progress=progress, steps=[spy], book=book(4)))
    assert (outcome.status, outcome.leads, outcome.notice) == (CampaignStatus.COMPLETED, 3, None)
    new = {f"Anchor {number:04}" for number in range(4, 8)}
    assert set(spy.seen) < new
    # Neither a lead nor a business of the campaign is one of the book.
    assert {business.name for business in memory.found.values()} == new
    assert memory.known == 4
    assert "4 businesses left out: in your book already." in progress.messages
    assert "4 new businesses rated." in progress.messages
    assert not any("duplicate" in message for message in progress.messages)


def test_an_order_for_all_takes_them_and_counts_them() -> None:
    memory, progress = ListMemory(), ListProgress()
    outcome = run(spec(), ports(ListSearch(cafes(5)), memory=memory, progress=progress, book=book(2)))
    assert (outcome.leads, memory.known) == (5, 2)
    assert "2 of 5 businesses found were in your book already." in progress.messages


@pytest.mark.parametrize("is_resumed", [False, True])
def test_where_all_are_in_the_book_the_notice_says_so(is_resumed: bool) -> None:
    memory = ListMemory(known=3, finished=True) if is_resumed else ListMemory()
    outcome = run(SKIP, ports(ListSearch(cafes(3)), memory=memory, book=book(3)))
    assert (outcome.status, outcome.leads, memory.found) == (CampaignStatus.COMPLETED, 0, {})
    assert outcome.notice == (
        "All 3 businesses found are in your book already, so there is no new lead. Try another place or type, or"
        " include companies of your book."
    )


def test_too_few_new_ones_are_called_new() -> None:
    outcome = run(SKIP, ports(ListSearch(cafes(4)), book=book(2)))
    assert str(outcome.notice).startswith("All 2 new businesses found are in the list; you asked for 3.")
    assert notices.nobody_left(SKIP, Skipped(in_book=1), 0).startswith(
        "The only business found is in your book already, so"
    )
    assert "in your book already or on your suppression list" in notices.nobody_left(
        SKIP, Skipped(in_book=1), 2
    )


def test_a_paid_search_goes_past_what_the_book_holds_and_stops_when_the_order_is_filled() -> None:
    order = spec(max_results=2, known_companies="skip", sources=("google_places",), budget_usd="5")
    search = ListSearch(cafes(90, source="google_places"), name="google_places", is_paid=True, batch=20)
    known = ListBook(from_places(cafes(70, source="google_places"), "FI", TODAY))
    memory = ListMemory()
    outcome = run(order, ports(search, memory=memory, book=known))
    assert (outcome.status, outcome.leads) == (CampaignStatus.COMPLETED, 2)
    assert (search.taken, memory.known) == (4, 70)
    asked = [key for batch in known.asked for key in batch]
    assert len(asked) == len(set(asked))


def test_the_book_is_asked_in_batches() -> None:
    held = book(1)
    run(spec(known_companies="skip"), ports(ListSearch(cafes(1000), batch=500), book=held))
    assert max(map(len, held.asked)) <= BATCH < sum(map(len, held.asked))


def test_what_was_chosen_before_an_interruption_stays_chosen() -> None:
    memory = ListMemory()
    memory.save_businesses(from_places(cafes(2), "FI", TODAY))
    # Meanwhile another campaign found them as well.
    outcome = run(SKIP, ports(ListSearch(cafes(4)), memory=memory, book=book(2)))
    assert (outcome.leads, memory.known) == (3, 0)


@pytest.mark.parametrize(("metres", "leads"), [(100, 0), (1000, 1)])
def test_the_same_name_and_number_is_the_same_company_close_by_alone(metres: int, leads: int) -> None:
    there = place("way/7", phone="+358 9 1234567", lat=60.0 + metres * METRE)
    held = ListBook(from_places([full_place("node/1")], "FI", TODAY))
    assert run(SKIP, ports(ListSearch([there]), book=held)).leads == leads


def test_an_order_of_before_includes_them() -> None:
    stored = {"business_types": ["cafe"], "location": "Harbour Town"}
    assert not CampaignSpec.model_validate(stored).skips_known
