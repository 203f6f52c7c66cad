from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.causes import Billed, Cause
from pipeline.discovery.businesses import from_places
from pipeline.enrichment.steps import OpenDataStep, SwitchedOff, attempt, reopened, untried, with_former_costs
from pipeline.errors import Cancelled, ProspectError, SourceError
from pipeline.lead import EmailStatus, Lead, StepOutcome, StepResult
from tests.pipeline.memory import TODAY, full_place, place


class FailingStep:
    def __init__(self, error: ProspectError, name: str = "failing") -> None:
        self._error = error
        self.name = name

    def enrich(self, lead: Lead) -> Lead:
        raise self._error


def lead(**values: object) -> Lead:
    (business,) = from_places([place(**values)], "FI", TODAY)
    return Lead(business=business)


@pytest.mark.parametrize(
    ("email", "status", "shared"),
    [
        (None, EmailStatus.NONE, False),
        ("info", EmailStatus.NONE, False),
        ("info@example.com", EmailStatus.UNVERIFIED, True),
        ("first.last@example.com", EmailStatus.UNVERIFIED, False),
    ],
)
def test_open_data_never_verifies_an_email(email: str | None, status: EmailStatus, shared: bool) -> None:
    enriched = OpenDataStep().enrich(lead(email=email))
    assert (enriched.email_status, enriched.is_role_address) == (status, shared)


def test_an_address_stored_by_looser_rules_is_called_invalid() -> None:
    given = lead()
    stored = replace(given, business=replace(given.business, email="info@"))
    assert OpenDataStep().enrich(stored).email_status is EmailStatus.INVALID


def test_the_step_says_what_is_recorded_and_what_is_not() -> None:
    (business,) = from_places([full_place()], "FI", TODAY)
    (result,) = OpenDataStep().enrich(Lead(business=business)).steps
    assert result == StepResult(
        step="open_data",
        outcome=StepOutcome.FOUND,
        detail="From OpenStreetMap: phone, website. Not recorded there: e-mail address, opening hours.",
        cost_micros=0,
    )


def test_a_business_with_every_contact_misses_nothing() -> None:
    (business,) = from_places([full_place(email="info@example.com", opening_hours="24/7")], "FI", TODAY)
    (result,) = OpenDataStep().enrich(Lead(business=business)).steps
    assert result.detail == "From OpenStreetMap: phone, website, e-mail address, opening hours."


def test_a_business_without_contacts_is_not_found() -> None:
    (result,) = OpenDataStep().enrich(lead()).steps
    assert result.outcome is StepOutcome.NOT_FOUND
    assert result.detail == "OpenStreetMap records no way to contact this business."


def test_a_step_is_gone_through_once() -> None:
    once = attempt(lead(), OpenDataStep())
    assert [result.step for result in once.steps] == ["open_data"]
    assert attempt(once, OpenDataStep()) == once


def test_a_step_left_undone_is_tried_again_and_a_finished_one_is_not() -> None:
    undone = StepResult(step="finder", outcome=StepOutcome.SKIPPED, detail="No budget.", is_open=True)
    done = attempt(lead(), OpenDataStep())
    waiting = replace(done, steps=(*done.steps, undone))
    assert waiting.is_open
    assert not untried(waiting, [OpenDataStep(), FailingStep(Cancelled(""), name="finder")])
    assert untried(reopened(waiting), [OpenDataStep(), FailingStep(Cancelled(""), name="finder")])
    assert not untried(reopened(waiting), [OpenDataStep()])
    assert reopened(waiting) == done


def test_what_an_undone_step_cost_stays_on_the_lead_when_it_is_tried_again() -> None:
    undone = StepResult(
        step="finder", outcome=StepOutcome.UNCERTAIN, detail="x", cost_micros=5, is_open=True, shared_micros=2
    )
    waiting = reopened(replace(lead(), steps=(undone,)))
    assert (waiting.steps, waiting.cost_micros, waiting.is_open) == ((), 5, True)
    assert with_former_costs(waiting) == waiting
    found = StepResult(step="finder", outcome=StepOutcome.FOUND, detail="y", cost_micros=3)
    settled = with_former_costs(replace(waiting, steps=(found,)))
    assert (settled.undone, settled.is_open) == ((), False)
    assert settled.steps == (replace(found, cost_micros=8, shared_micros=2),)


def test_what_was_skipped_for_want_of_the_step_before_is_tried_again_with_it() -> None:
    outcomes = (StepOutcome.FOUND, StepOutcome.SKIPPED, StepOutcome.SKIPPED)
    source, hunter, check = (
        StepResult(step=name, outcome=outcome, detail="x")
        for name, outcome in zip(("open_data", "hunter", "neverbounce"), outcomes, strict=True)
    )
    (business,) = from_places([full_place()], "FI", TODAY)
    lead = Lead(business=business)
    undone = replace(lead, steps=(source, replace(hunter, is_open=True), check))
    assert reopened(undone).steps == (source,)
    answered = replace(check, outcome=StepOutcome.FOUND, cost_micros=8_000)
    assert reopened(replace(undone, steps=(*undone.steps[:2], answered))).steps == (source, answered)
    assert reopened(replace(undone, steps=(source, hunter, check))).steps == (source, hunter, check)


def test_a_step_that_cannot_run_here_says_why() -> None:
    (result,) = attempt(lead(), SwitchedOff("hunter", "Hunter", Cause.NOT_CONFIGURED)).steps
    assert (result.step, result.outcome, result.is_open) == ("hunter", StepOutcome.SKIPPED, False)
    assert result.detail == "Hunter has no key on this installation."
    assert result.cause is Cause.NOT_CONFIGURED


@pytest.mark.parametrize(
    ("billed", "outcome"),
    [
        (Billed.NO, StepOutcome.FAILED),
        (Billed.UNKNOWN, StepOutcome.UNCERTAIN),
        (Billed.YES, StepOutcome.UNCERTAIN),
    ],
)
def test_a_failing_step_is_told_and_the_next_goes_on(billed: Billed, outcome: StepOutcome) -> None:
    failing = FailingStep(SourceError(Cause.NO_ANSWER, "The finder", billed=billed))
    result = attempt(attempt(lead(email="info@example.com"), failing), OpenDataStep())
    assert result.steps[0] == StepResult(
        step="failing",
        outcome=outcome,
        detail="The finder did not answer a request it had received.",
        cause=Cause.NO_ANSWER,
    )
    assert result.steps[1].outcome is StepOutcome.FOUND


def test_a_stop_passes_through_the_waterfall() -> None:
    with pytest.raises(Cancelled):
        attempt(lead(), FailingStep(Cancelled("Stopped on request.")))
