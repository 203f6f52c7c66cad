"""How a step of the waterfall puts its result on the lead."""

from __future__ import annotations

from dataclasses import replace

from pipeline.errors import BudgetReached, ProviderGone, SourceError
from pipeline.lead import Lead, StepOutcome, StepResult

NO_BUDGET = "The budget is used up."


def ended(lead: Lead, step: str, outcome: StepOutcome, detail: str, cost_micros: int = 0) -> Lead:
    """The lead with one more result."""
    result = StepResult(step=step, outcome=outcome, detail=detail, cost_micros=cost_micros)
    return replace(lead, steps=(*lead.steps, result))


def skipped(lead: Lead, step: str, why: str) -> Lead:
    """The step had no reason to ask."""
    return ended(lead, step, StepOutcome.SKIPPED, why)


def failed(lead: Lead, step: str, error: SourceError | BudgetReached, price_micros: int = 0) -> Lead:
    """The step got no answer: left open when a continued campaign may get one, uncertain when it may have cost."""
    if isinstance(error, BudgetReached):
        return _open(lead, step, NO_BUDGET)
    if isinstance(error, ProviderGone):
        return _open(lead, step, str(error))
    if error.billed:
        detail = f"{error} The look-up may have been billed, so it is not repeated."
        # Two leads of one company share a look-up, and its cost stands on one of them.
        cost = price_micros if error.subject in (None, lead.business.key) else 0
        return ended(lead, step, StepOutcome.UNCERTAIN, detail, cost)
    return ended(lead, step, StepOutcome.FAILED, str(error))


def _open(lead: Lead, step: str, why: str) -> Lead:
    result = StepResult(step=step, outcome=StepOutcome.SKIPPED, detail=why, is_open=True)
    return replace(lead, steps=(*lead.steps, result))
