"""The enrichment waterfall: step after step, each adding what it can honestly know about a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.causes import Cause, sentence
from pipeline.contact.contacts import email_address, is_role_address
from pipeline.errors import SourceError
from pipeline.fields import FIELDS
from pipeline.lead import EmailStatus, Lead, StepOutcome, StepResult
from pipeline.ports import BatchStep, EnrichmentStep

_CONTACTS = {field.name: field.noun for field in FIELDS if field.is_contact}


def pending(lead: Lead, steps: Sequence[EnrichmentStep | BatchStep]) -> bool:
    """Whether a lead has not been through every step, or left one undone."""
    done = {result.step for result in lead.steps if not result.is_open}
    return any(step.name not in done for step in steps)


def reopened(lead: Lead) -> Lead:
    """The lead without the results of steps that were left undone, so that they are tried again.

    Later steps that were skipped go, too: "no address to check" holds no longer once the step before has found one.
    """
    first = next((place for place, result in enumerate(lead.steps) if result.is_open), len(lead.steps))
    kept = [
        result
        for place, result in enumerate(lead.steps)
        if not (result.is_open or (place > first and result.outcome is StepOutcome.SKIPPED))
    ]
    return replace(lead, steps=tuple(kept))


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
        found = [word for field, word in _CONTACTS.items() if business.value(field)]
        missing = [word for field, word in _CONTACTS.items() if not business.value(field)]
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
