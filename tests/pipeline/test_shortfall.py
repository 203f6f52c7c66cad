"""Fewer leads than asked for, with paid sources: the true cause, nothing beside it, and no money for nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from pipeline.campaign import CampaignStatus
from pipeline.causes import Billed, Cause
from pipeline.enrichment.step_results import failed
from pipeline.enrichment.steps import OpenDataStep, SwitchedOff
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import Lead
from pipeline.place import Place
from pipeline.run import Outcome, run
from tests.pipeline.memory import ListMemory, ListSearch, cafes, place, ports, spec

KEY = SourceError(Cause.KEY_REFUSED, "Google Places")
GARBLED = SourceError(Cause.UNREADABLE, "Google Places", billed=Billed.UNKNOWN)
AWAY = SourceError(Cause.UNREACHABLE, "The map")
NO_BUDGET = "Google Places costs money and the budget is $0."


def google(*places: Place, batch: int = 20, **values: object) -> ListSearch:
    listed = [replace(one, source="google_places", source_ref=f"g{n}") for n, one in enumerate(places)]
    return ListSearch(listed, name="google_places", is_paid=True, batch=batch, **values)  # type: ignore[arg-type]


def poor(number: int) -> list[Place]:
    """Cafés with a name and nothing else: a confidence of 65, and hardly a way to reach them."""
    return [place(f"n/{n}", name=f"Mast {n:04}", lat=60.01 + n / 1000) for n in range(number)]


def order(**values: object) -> dict[str, object]:
    return {"sources": ("open_data", "google_places"), "budget_usd": "2", "max_results": 50} | values


def ended(outcome: Outcome) -> tuple[CampaignStatus, Cause | None, str | None, str | None]:
    return outcome.status, outcome.cause, outcome.reason, outcome.notice


PARTIAL = CampaignStatus.PARTIAL


@pytest.mark.parametrize("failure", [KEY, GARBLED, BudgetReached()])
@pytest.mark.parametrize("where", ["locating", "first page", "second page"])
def test_a_paid_source_that_gives_out_is_the_only_reason(
    failure: SourceError | BudgetReached, where: str
) -> None:
    paid = {
        "locating": google(*cafes(3), locating_fails=failure),
        "first page": google(failure=failure),
        "second page": google(*cafes(3), batch=1, failure=failure, fails_after=1),
    }[where]
    outcome = run(spec(**order()), ports(ListSearch(cafes(39)), paid))
    assert ended(outcome) == (PARTIAL, failure.cause, str(failure), None)
    assert outcome.leads == 39 if where != "second page" else outcome.leads >= 39


@pytest.mark.parametrize("free", [cafes(39), []])
def test_without_a_budget_the_paid_source_says_so_and_is_not_asked(free: list[Place]) -> None:
    paid, memory = google(*cafes(60)), ListMemory()
    outcome = run(spec(**order(budget_usd="0")), ports(ListSearch(free), paid, memory=memory))
    assert ended(outcome) == (PARTIAL, Cause.NO_BUDGET, NO_BUDGET, None)
    assert (paid.located, paid.asked) == ([], [])
    # With a budget the campaign goes on where it was.
    more = run(spec(**order()), ports(ListSearch(free), google(*cafes(60)), memory=memory))
    assert (more.status, more.reason, more.leads) == (CampaignStatus.COMPLETED, None, 50)


@pytest.mark.parametrize("cause", [Cause.NO_BUDGET, Cause.NOT_CONFIGURED])
def test_a_look_up_that_was_switched_off_is_done_when_the_campaign_goes_on_with_it(cause: Cause) -> None:
    memory, paid = ListMemory(), google(failure=KEY)
    off = (OpenDataStep(), SwitchedOff("hunter", "Hunter", cause))
    first = run(spec(**order()), ports(ListSearch(cafes(3)), paid, memory=memory, steps=off))
    assert (first.cause, first.leads) == (Cause.KEY_REFUSED, 3)
    assert {lead.steps[-1].cause for lead in memory.stored.values()} == {cause}
    on = Broke()
    run(spec(**order()), ports(ListSearch(cafes(3)), paid, memory=memory, steps=(OpenDataStep(), on)))
    assert len(on.asked) == 3
    assert {lead.steps[-1].cause for lead in memory.stored.values()} == {Cause.OUT_OF_BUDGET}
    assert {len(lead.steps) for lead in memory.stored.values()} == {2}


def test_a_paid_source_that_is_not_needed_is_no_reason() -> None:
    outcome = run(spec(**order(budget_usd="0")), ports(ListSearch(cafes(50)), google(failure=KEY)))
    assert ended(outcome) == (CampaignStatus.COMPLETED, None, None, None)


def test_what_went_wrong_comes_before_what_the_order_left_out() -> None:
    half = ListSearch(cafes(4), failure=AWAY, fails_after=1)
    outcome = run(spec(**order(budget_usd="0")), ports(half, google()))
    assert ended(outcome) == (PARTIAL, Cause.UNREACHABLE, f"The map could not be reached. {NO_BUDGET}", None)


def test_a_place_nobody_knows_is_said_even_without_a_budget() -> None:
    outcome = run(spec(**order(budget_usd="0")), ports(ListSearch(area=None), google()))
    assert outcome.cause is Cause.NO_BUDGET
    assert "No place called “Harbour Town” is known here" in (outcome.notice or "")


@pytest.mark.parametrize("failure", [KEY, GARBLED])
def test_a_source_that_fails_beside_one_that_answered_with_nothing_is_a_partial_campaign(
    failure: SourceError,
) -> None:
    for searches in ((ListSearch(), google(failure=failure)), (google(failure=failure), ListSearch())):
        outcome = run(spec(**order()), ports(*searches))
        assert ended(outcome) == (PARTIAL, failure.cause, str(failure), None)


@pytest.mark.parametrize("failure", [KEY, GARBLED])
def test_a_source_that_fails_after_an_empty_page_is_a_partial_campaign(failure: SourceError) -> None:
    closed = replace(place(), tags={"operational_status": "closed"})
    paid = google(closed, failure=failure, batch=1)
    paid.places = [*paid.places, *paid.places]
    paid.fails_after = 1
    outcome = run(spec(**order(sources=("google_places",))), ports(paid))
    assert ended(outcome) == (PARTIAL, failure.cause, str(failure), None)


def test_a_campaign_without_any_answer_fails_with_its_reason() -> None:
    with pytest.raises(SourceError) as caught:
        run(spec(**order()), ports(ListSearch(failure=AWAY), google(failure=GARBLED)))
    assert caught.value.cause is Cause.UNREACHABLE


@dataclass
class Broke:
    """A look-up nobody can pay for."""

    name: str = "hunter"
    asked: list[str] = field(default_factory=list)

    def enrich(self, lead: Lead) -> Lead:
        self.asked.append(lead.business.key)
        return failed(lead, self.name, BudgetReached())


def test_leads_that_wait_for_a_look_up_are_the_reason_and_no_larger_place() -> None:
    outcome = run(spec(max_results=50), ports(ListSearch(cafes(3)), steps=(OpenDataStep(), Broke())))
    said = "The budget is used up. 3 leads wait for a look-up."
    assert ended(outcome) == (PARTIAL, Cause.OUT_OF_BUDGET, said, None)


def test_what_no_record_of_the_sources_can_reach_is_not_paid_for() -> None:
    paid = google(*cafes(60))
    outcome = run(spec(**order(sources=("google_places",), min_confidence=87)), ports(paid))
    assert (outcome.status, outcome.cause, outcome.leads) == (PARTIAL, Cause.OUT_OF_REACH, 0)
    assert "a confidence of 86 at most" in (outcome.reason or "")
    assert (paid.located, paid.asked) == ([], [])


def test_a_reach_that_only_look_ups_could_bring_is_not_paid_for() -> None:
    paid = google(*cafes(60))
    outcome = run(spec(**order(sources=("google_places",), min_reach=56, min_confidence=10)), ports(paid))
    assert (outcome.cause, outcome.leads, paid.asked) == (Cause.OUT_OF_REACH, 0, [])
    assert "makes a reach of 55 at most before contacts are looked up" in (outcome.reason or "")


@pytest.mark.parametrize(
    ("listed", "pages"),
    [(poor(100), 2), ([*cafes(5), *poor(95)], 3), ([*poor(99)[:39], *cafes(1), *poor(99)[39:]], 4)],
)
def test_forty_businesses_in_a_row_that_bring_no_lead_end_the_search(listed: list[Place], pages: int) -> None:
    paid, memory = google(*listed), ListMemory()
    high = spec(**order(sources=("google_places",), min_reach=50))
    outcome = run(high, ports(paid, memory=memory))
    assert (outcome.status, outcome.cause) == (PARTIAL, Cause.NONE_QUALIFIES)
    assert "None of the last 40 new businesses of Google Places" in (outcome.reason or "")
    assert (paid.taken, outcome.notice) == (pages, None)
    # Going on would come to the same, so nothing more is bought then.
    again = run(high, ports(paid, memory=memory))
    assert paid.taken == pages
    assert "a reach of 50" in (again.notice or "")


def test_what_the_free_sources_know_already_is_not_in_vain() -> None:
    both = cafes(90)
    outcome = run(spec(**order(max_results=90)), ports(ListSearch(both[:80]), google(*both)))
    assert (outcome.status, outcome.leads) == (CampaignStatus.COMPLETED, 90)


def test_fewer_than_forty_in_vain_do_not_end_it() -> None:
    paid = google(*poor(39), *cafes(30))
    outcome = run(spec(**order(sources=("google_places",), min_reach=50, max_results=30)), ports(paid))
    assert (outcome.status, outcome.leads, paid.taken) == (CampaignStatus.COMPLETED, 30, 4)
