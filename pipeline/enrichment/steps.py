"""The enrichment waterfall: step after step, each adding what it can honestly know about a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.causes import Cause, sentence
from pipeline.contact.contacts import email_address, is_role_address
from pipeline.errors import SourceError
from pipeline.lead import EmailStatus, Lead, StepOutcome, StepResult
from pipeline.ports import BatchStep, EnrichmentStep

_CONTACTS = {
    "phone": "phone",
    "website": "website",
    "email": "e-mail address",
    "opening_hours": "opening hours",
}


def untried(lead: Lead, steps: Sequence[EnrichmentStep | BatchStep]) -> bool:
    """Whether a lead has not been through every step in this run or, for good, in an earlier one."""
    done = {result.step for result in lead.steps}
    return any(step.name not in done for step in steps)


def reopened(lead: Lead) -> Lead:
    """The lead without the results of steps that were left undone, so that they are tried again.

    Later steps that were skipped go, too: "no address to check" holds no longer once the step before has found one.
    What cost something moves to ``undone``.
    """
    first = next((place for place, result in enumerate(lead.steps) if result.is_open), len(lead.steps))
    kept = [
        result
        for place, result in enumerate(lead.steps)
        if not (result.is_open or (place > first and result.outcome is StepOutcome.SKIPPED))
    ]
    undone = [result for result in lead.steps if result.is_open and result.cost_micros]
    return replace(lead, steps=tuple(kept), undone=(*lead.undone, *undone))


def with_former_costs(lead: Lead) -> Lead:
    """The lead with what its steps cost an earlier run, which left them undone, on their new results."""
    names = {result.step for result in lead.steps}
    settled = [result for result in lead.undone if result.step in names]
    if not settled:
        return lead
    steps = [
        replace(
            result,
            cost_micros=result.cost_micros
            + sum(old.cost_micros for old in settled if old.step == result.step),
            shared_micros=result.shared_micros
            + sum(old.shared_micros for old in settled if old.step == result.step),
        )
        for result in lead.steps
    ]
    return replace(lead, steps=tuple(steps), undone=tuple(old for old in lead.undone if old not in settled))


def attempt(lead: Lead, step: EnrichmentStep) -> Lead:
    """The lead after a step, unless it has been through it.

    A step whose source cannot answer leaves the lead as it is, marked failed (uncertain when the question may
    have cost money). Stopped passes through.
    """
    if any(result.step == step.name for result in lead.steps):
        return lead
    try:
        return step.enrich(lead)
    except SourceError as error:
        outcome = StepOutcome.FAILED if error.is_free else StepOutcome.UNCERTAIN
        result = StepResult(step=step.name, outcome=outcome, detail=str(error), cause=error.cause)
        return replace(lead, steps=(*lead.steps, result))


class OpenDataStep:
    """What the open data itself says: reads contacts, asks nobody, guesses nothing."""

    name = "open_data"

    def enrich(self, lead: Lead) -> Lead:
        """The lead with what is known of its e-mail address, and one result listing its contacts."""
        email = lead.business.email
        return replace(
            lead,
            email_status=_status(email),
            is_role_address=email is not None and is_role_address(email),
            steps=(*lead.steps, self._result(lead)),
        )

    def _result(self, lead: Lead) -> StepResult:
        business = lead.business
        found = [word for field, word in _CONTACTS.items() if getattr(business, field)]
        missing = [word for field, word in _CONTACTS.items() if not getattr(business, field)]
        source = " and ".join(dict.fromkeys(origin.label for origin in business.origins))
        if not found:
            return StepResult(
                step=self.name,
                outcome=StepOutcome.NOT_FOUND,
                detail=f"{source} records no way to contact this business.",
            )
        rest = f" Not recorded there: {', '.join(missing)}." if missing else ""
        detail = f"From {source}: {', '.join(found)}.{rest}"
        return StepResult(step=self.name, outcome=StepOutcome.FOUND, detail=detail)


class SwitchedOff:
    """A step the person chose that cannot run here; every lead says why."""

    def __init__(self, step: str, label: str, cause: Cause) -> None:
        self.name = step
        self._cause = cause
        self._why = sentence(cause, label)

    def enrich(self, lead: Lead) -> Lead:
        """The lead with the reason."""
        result = StepResult(step=self.name, outcome=StepOutcome.SKIPPED, detail=self._why, cause=self._cause)
        return replace(lead, steps=(*lead.steps, result))


def _status(email: str | None) -> EmailStatus:
    """Open data can say that an address is written down, never that its mailbox exists."""
    if email is None:
        return EmailStatus.NONE
    return EmailStatus.UNVERIFIED if email_address(email).value else EmailStatus.INVALID
