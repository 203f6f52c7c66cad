from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from threading import Event, Thread

import pytest

from pipeline.campaign import CampaignStatus, Stage
from pipeline.causes import Cause
from pipeline.discovery.discover import MAX_CANDIDATES
from pipeline.enrichment.steps import OpenDataStep
from pipeline.errors import Cancelled, LeaseLost, SourceError
from pipeline.lead import Lead, StepOutcome, StepResult
from pipeline.place import Area
from pipeline.ports import Turn
from pipeline.run import run
from tests.pipeline.memory import (
    ListMemory,
    ListProgress,
    ListSearch,
    cafes,
    completed,
    full_place,
    place,
    ports,
    spec,
)

AWAY = SourceError(Cause.UNREACHABLE, "The map")


def test_a_campaign_gives_the_best_leads_and_says_what_it_did() -> None:
    memory, progress = ListMemory(), ListProgress()
    twice = full_place("way/1", name="Anchor 0000")
    search = ListSearch([*cafes(30), twice, place("node/98", name="Mast"), place("node/99", name=" ")])
    outcome = run(spec(min_confidence=70), ports(search, memory=memory, progress=progress))
    assert outcome == completed(25)
    assert len(memory.stored) == 25
    assert (
        sorted((lead.business.confidence for lead in memory.stored.values()), reverse=True)
        == [86] + [77] * 24
    )
    assert progress.messages == [
        "Started: cafe in Harbour Town.",
        "Found 33 records in Harbour Town.",
        "Left out 1 record: unnamed, closed, of another place or listed twice.",
        "Merged 1 duplicate.",
        "30 of 31 come to a confidence of 70.",
        "Enriched 25 of 25.",
        "25 leads stored.",
    ]


def test_the_figures_are_those_of_what_was_stored() -> None:
    progress = ListProgress()
    rich = cafes(3, email="info@example.com")
    run(
        spec(max_results=4, min_confidence=70),
        ports(ListSearch([*rich, place("n/1", lat=61.0)]), progress=progress),
    )
    figures = {
        name: progress.last(name) for name in ("businesses_found", "qualified_leads", "leads_enriched")
    }
    assert figures == {"businesses_found": 4, "qualified_leads": 3, "leads_enriched": 3}
    assert progress.last("emails_found") == 3
    assert progress.last("avg_confidence") == Decimal("81.00")
    assert progress.last("avg_reach") == Decimal("73.00")


def test_progress_only_goes_forward_through_the_stages() -> None:
    progress = ListProgress()
    run(spec(max_results=100), ports(ListSearch(cafes(60)), progress=progress))
    percents = [percent for _, percent, _ in progress.reports]
    stages = [stage for stage, _, _ in progress.reports]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (10, 100)
    assert [stage for stage in Stage if stage in stages] == list(dict.fromkeys(stages))
    assert all(
        low <= percent <= high for stage, percent, _ in progress.reports for low, high in [stage.percent]
    )


def test_leads_are_stored_in_small_batches_as_they_are_ready() -> None:
    memory = ListMemory()
    run(spec(max_results=100), ports(ListSearch(cafes(100)), memory=memory))
    assert memory.saves >= 2
    assert len(memory.stored) == 100


class SlowStep:
    """Waits at the lead numbered ``at`` until it is let go on."""

    name = "slow"

    def __init__(self, at: int) -> None:
        self.seen: list[str] = []
        self.at = at
        self.reached, self.go_on = Event(), Event()

    def enrich(self, lead: Lead) -> Lead:
        self.seen.append(lead.business.key)
        if len(self.seen) == self.at:
            self.reached.set()
            self.go_on.wait(60)
        result = StepResult(step=self.name, outcome=StepOutcome.FOUND, detail="Seen.", cost_micros=1)
        return replace(lead, steps=(*lead.steps, result))


class AllTogether:
    """A step that waits for every lead, and notes how far the campaign said it was by then."""

    name = "together"

    def __init__(self, progress: ListProgress) -> None:
        self._progress = progress
        self._waiting: list[Lead] = []
        self.begun_at = 0

    def take_turn(self, leads: Sequence[Lead], coming: int | None) -> Turn:
        self._waiting += leads
        if coming != 0:
            return Turn()
        self.begun_at = self._progress.reports[-1][1]
        result = StepResult(step=self.name, outcome=StepOutcome.FOUND, detail="Seen.")
        done = [replace(lead, steps=(*lead.steps, result)) for lead in self._waiting]
        self._waiting = []
        return Turn(done)


def test_a_look_up_left_open_ends_with_the_run() -> None:
    """It is tried again by the next run, and not for ever by this one."""

    class Open(SlowStep):
        def enrich(self, lead: Lead) -> Lead:
            looked_up = super().enrich(lead)
            undone = replace(looked_up.steps[-1], outcome=StepOutcome.SKIPPED, is_open=True)
            return replace(looked_up, steps=(undone,))

    memory, step = ListMemory(), Open(at=-1)
    outcome = run(spec(), ports(ListSearch(cafes(10)), memory=memory, steps=(step,)))
    assert (outcome.status, len(step.seen)) == (CampaignStatus.PARTIAL, 10)
    run(spec(), ports(ListSearch(cafes(10)), memory=memory, steps=(step,)))
    assert len(step.seen) == 20
    assert {lead.cost_micros for lead in memory.stored.values()} == {2}


def test_progress_moves_before_a_step_for_all_leads_together() -> None:
    progress = ListProgress()
    together = AllTogether(progress)
    run(spec(), ports(ListSearch(cafes(10)), progress=progress, steps=(OpenDataStep(), together)))
    assert together.begun_at == Stage.ENRICHING.at(1, 2)


def test_a_cancelled_campaign_keeps_the_answers_it_was_waiting_for() -> None:
    memory, step = ListMemory(), SlowStep(at=3)
    progress = ListProgress(stop=Cancelled("Stopped on request."), stops_when=step.reached)

    def let_go() -> None:
        progress.stopped.wait(60)
        step.go_on.set()

    waiting = Thread(target=let_go)
    waiting.start()
    with pytest.raises(Cancelled):
        run(spec(), ports(ListSearch(cafes(25)), memory=memory, progress=progress, steps=(step,)))
    waiting.join()
    assert {lead.business.key for lead in memory.stored.values()} == set(step.seen)

    asked = len(step.seen)
    assert run(spec(), ports(ListSearch(cafes(25)), memory=memory, steps=(step,))) == completed(25)
    assert len(step.seen) == 25
    assert asked <= 25
    assert len(set(step.seen)) == 25


def test_a_campaign_that_lost_its_lease_stores_nothing_more() -> None:
    memory = ListMemory()
    progress = ListProgress(stop=LeaseLost("Another worker took over."), stops_at=6)
    with pytest.raises(LeaseLost):
        run(spec(), ports(ListSearch(cafes(25)), memory=memory, progress=progress))
    stored = len(memory.stored)
    again, search = ListProgress(), ListSearch(cafes(25, email="info@example.com"))
    assert run(spec(), ports(search, memory=memory, progress=again)) == completed(25)
    assert len(memory.stored) == 25
    assert again.last("leads_enriched") == 25
    assert stored <= 25


def test_a_campaign_interrupted_after_its_last_lead_still_ends_well() -> None:
    memory, search = ListMemory(), ListSearch(cafes(3))
    run(spec(max_results=3), ports(search, memory=memory))
    progress = ListProgress()
    assert run(spec(max_results=3), ports(search, memory=memory, progress=progress)) == completed(3)
    assert progress.last("leads_enriched") == 3


def test_a_source_that_cannot_answer_fails_the_run_so_that_it_is_tried_again() -> None:
    memory = ListMemory()
    with pytest.raises(SourceError, match="The map could not be reached"):
        run(spec(), ports(ListSearch(failure=AWAY), memory=memory))
    with pytest.raises(SourceError, match="The map could not be reached"):
        run(spec(), ports(ListSearch(locating_fails=AWAY), memory=memory))
    assert not memory.finished


def test_a_source_that_gives_out_half_way_leaves_what_it_gave() -> None:
    search, memory = ListSearch(cafes(4), failure=AWAY, fails_after=1), ListMemory()
    outcome = run(spec(), ports(search, memory=memory))
    assert (outcome.status, outcome.reason, outcome.leads) == (
        CampaignStatus.PARTIAL,
        "The map could not be reached.",
        2,
    )
    assert not memory.finished


@pytest.mark.parametrize("failing", [ListSearch(failure=AWAY), ListSearch(locating_fails=AWAY)])
def test_one_source_away_beside_another_that_answers_is_a_partial_campaign(failing: ListSearch) -> None:
    outcome = run(spec(max_results=4), ports(failing, ListSearch(cafes(3))))
    assert (outcome.status, outcome.reason, outcome.leads) == (
        CampaignStatus.PARTIAL,
        "The map could not be reached.",
        3,
    )
    assert run(spec(max_results=3), ports(failing, ListSearch(cafes(3)))) == completed(3)


@pytest.mark.parametrize("failing", [ListSearch(failure=AWAY), ListSearch(locating_fails=AWAY)])
def test_one_source_away_beside_another_that_has_nothing_is_a_partial_campaign(failing: ListSearch) -> None:
    outcome = run(spec(), ports(failing, ListSearch()))
    assert (outcome.status, outcome.reason, outcome.leads) == (
        CampaignStatus.PARTIAL,
        "The map could not be reached.",
        0,
    )


def test_two_sources_share_the_work_and_progress_stays_in_order() -> None:
    progress = ListProgress()
    known = ListSearch(cafes(3))
    unknown = ListSearch(area=None)
    outcome = run(spec(max_results=3), ports(unknown, known, ListSearch(cafes(3)), progress=progress))
    assert outcome == completed(3)
    percents = [percent for _, percent, _ in progress.reports]
    assert percents == sorted(percents)


def test_a_campaign_without_any_of_its_sources_fails_plainly() -> None:
    with pytest.raises(SourceError, match="None of the chosen sources") as caught:
        run(spec(), ports(ListSearch(name="elsewhere")))
    assert caught.value.cause is Cause.NO_SOURCE


def test_the_search_is_bounded_and_the_log_says_so() -> None:
    progress = ListProgress()
    search = ListSearch(
        cafes(MAX_CANDIDATES + 10), batch=4000, area=Area(label="Coast", lat=60, lon=25, radius_km=9)
    )
    run(spec(max_results=1), ports(search, progress=progress))
    assert search.asked[0].limit == MAX_CANDIDATES
    assert progress.last("businesses_found") == MAX_CANDIDATES
    assert (
        "The search stopped at the 5,000 nearest records. Narrow the radius or the type to see what lies "
        "farther out." in progress.messages
    )
