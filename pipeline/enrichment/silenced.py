"""The last look before a lead is stored: what came onto the suppression list meanwhile, or was found only now."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from pipeline.discovery.silence import without_email, without_phone
from pipeline.fields import BETWEEN
from pipeline.lead import Business, EmailStatus, Lead, StepResult
from pipeline.suppression import emails_of, phones_of

_HIDDEN = "an address on the suppression list"


def contacts_of(lead: Lead) -> Iterator[str]:
    """Every e-mail address and phone number of a lead."""
    yield from emails_of(lead.business)
    yield from phones_of(lead.business)
    for contact in lead.contacts:
        yield contact.email


def silenced(lead: Lead, suppressed: AbstractSet[str]) -> Lead:
    """The lead without the contacts that are suppressed; what its steps cost stays."""
    if suppressed.isdisjoint(contacts_of(lead)):
        return lead
    business = _without_details(lead.business, suppressed)
    contacts = tuple(contact for contact in lead.contacts if contact.email not in suppressed)
    if business.phone in suppressed:
        business = without_phone(business)
    status, is_role = lead.email_status, lead.is_role_address
    if business.email in suppressed:
        if contacts:
            best = contacts[0]
            provenance = {**business.provenance, "email": best.origin}
            business = replace(business, email=best.email, provenance=provenance)
            status, is_role = best.status, best.is_role_address
        else:
            business, status, is_role = without_email(business), EmailStatus.NONE, False
    return replace(
        lead,
        business=business,
        contacts=contacts,
        email_status=status,
        is_role_address=is_role,
        steps=tuple(_unnamed(step, suppressed) for step in lead.steps),
        undone=tuple(_unnamed(step, suppressed) for step in lead.undone),
    )


def _without_details(business: Business, suppressed: AbstractSet[str]) -> Business:
    details = dict(business.details)
    for field in ("other_emails", "other_phones"):
        if field in details:
            left = [value for value in details.pop(field).split(BETWEEN) if value not in suppressed]
            details |= {field: BETWEEN.join(left)} if left else {}
    return replace(business, details=details)


def _unnamed(step: StepResult, suppressed: AbstractSet[str]) -> StepResult:
    """A step that names nobody who is suppressed."""
    detail = step.detail
    for value in suppressed:
        detail = detail.replace(value, _HIDDEN)
    return step if detail == step.detail else replace(step, detail=detail)
