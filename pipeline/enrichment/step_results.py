"""How a step of the waterfall puts its result on the lead."""

from __future__ import annotations

from dataclasses import replace

from pipeline.causes import Billed, Cause
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import Lead, StepOutcome, StepResult


def ended(
    lead: Lead,
    step: str,
    outcome: StepOutcome,
    detail: str,
    cost_micros: int = 0,
    *,
    cause: Cause | None = None,
) -> Lead:
    """The lead with one more result; ``cause``: why an answer brought nothing."""
    result = StepResult(step=step, outcome=outcome, detail=detail, cost_micros=cost_micros, cause=cause)
    return replace(lead, steps=(*lead.steps, result))


def skipped(lead: Lead, step: str, why: str) -> Lead:
    """The step had no reason to ask."""
    return ended(lead, step, StepOutcome.SKIPPED, why)


def bearing(lead: Lead, cost_micros: int) -> Lead:
    """The lead whose last step also bears what was paid before it broke off."""
    *before, last = lead.steps
    return replace(lead, steps=(*before, replace(last, cost_micros=last.cost_micros + cost_micros)))


def failed(lead: Lead, step: str, error: SourceError | BudgetReached, price_micros: int = 0) -> Lead:
    """The step got no answer: left open when a continued campaign may get one, uncertain when it may have cost.

    ``price_micros`` is what an uncertain question counts as.
    """
    outcome, detail, cost = StepOutcome.FAILED, str(error), 0
    if isinstance(error, BudgetReached):
        outcome = StepOutcome.SKIPPED
    elif error.billed is not Billed.NO:
        outcome = StepOutcome.UNCERTAIN
        detail = f"{error} The look-up may have been billed, so it is not repeated."
        # Two leads of one company share a look-up, and its cost stands on one of them.
        cost = price_micros if error.subject in (None, lead.business.key) else 0
    elif error.cause.leaves_open:
        outcome = StepOutcome.SKIPPED
    is_open = outcome is StepOutcome.SKIPPED
    result = StepResult(
        step=step, outcome=outcome, detail=detail, cost_micros=cost, is_open=is_open, cause=error.cause
    )
    return replace(lead, steps=(*lead.steps, result))
