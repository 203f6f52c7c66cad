"""Which of the addresses found for a business is the one to write to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.contact.contacts import is_role_address
from pipeline.contact.mailboxes import is_aside
from pipeline.lead import Business, Contact, EmailStatus, Lead

_ORDER = (
    EmailStatus.VERIFIED,
    EmailStatus.ACCEPTED,
    EmailStatus.CATCHALL,
    EmailStatus.UNKNOWN,
    EmailStatus.UNVERIFIED,
    EmailStatus.DISPOSABLE,
    EmailStatus.INVALID,
)
USELESS = (EmailStatus.INVALID, EmailStatus.DISPOSABLE)
"""What is known of an address that nobody need write to."""
_OPINIONS = (
    EmailStatus.VERIFIED,
    None,
    EmailStatus.CATCHALL,
    EmailStatus.UNKNOWN,
    EmailStatus.DISPOSABLE,
    EmailStatus.INVALID,
)
_OPINION_RANK = {opinion: rank for rank, opinion in enumerate(_OPINIONS)} | {EmailStatus.UNKNOWN: 2}
"""What a source thinks of its own address, best first; that it could not tell is as good as that nobody could."""


def with_contacts(lead: Lead, found: Sequence[Contact]) -> Lead:
    """The lead with more addresses, the best one in front: by what is known of the mailbox, then by who would answer (a
    person of the company before applications, invoices and the like), then by what its source thinks of it, then by the
    source's own certainty, then by where it was read first. One its source calls useless comes last.

    The same address from two sources is one contact, under the origin that gave it first.
    """
    contacts = {contact.email.casefold(): contact for contact in _own(lead)}
    for contact in found:
        key = contact.email.casefold()
        contacts[key] = _merged(contacts[key], contact) if key in contacts else contact
    return _chosen(lead, list(contacts.values()))


def with_statuses(lead: Lead, statuses: Mapping[str, EmailStatus]) -> Lead:
    """The lead after its addresses were checked; ``statuses`` is by address, in lower case."""
    checked = [
        replace(contact, status=statuses.get(contact.email.casefold(), contact.status))
        for contact in _own(lead)
    ]
    return _chosen(lead, checked)


def _own(lead: Lead) -> list[Contact]:
    """The contacts of a lead; an address the source of the business gave is one, too."""
    business = lead.business
    if lead.contacts or business.email is None:
        return list(lead.contacts)
    origin = business.provenance.get("email", business.origins[0])
    status = lead.email_status if lead.email_status is not EmailStatus.NONE else EmailStatus.UNVERIFIED
    return [
        Contact(
            email=business.email,
            origin=origin,
            status=status,
            is_role_address=is_role_address(business.email),
        )
    ]


def unchecked(lead: Lead) -> int:
    """How many addresses of a lead nobody has checked."""
    return sum(contact.status is EmailStatus.UNVERIFIED for contact in lead.contacts)


def _merged(first: Contact, second: Contact) -> Contact:
    """One contact of two; a verdict stands until there is a newer one."""
    return replace(
        first,
        status=first.status if second.status is EmailStatus.UNVERIFIED else second.status,
        name=first.name or second.name,
        position=first.position or second.position,
        certainty=first.certainty if first.certainty is not None else second.certainty,
        opinion=first.opinion or second.opinion,
    )


def _chosen(lead: Lead, contacts: list[Contact]) -> Lead:
    if not contacts:
        return lead
    ranked = sorted(
        enumerate(contacts),
        key=lambda item: (
            _ORDER.index(item[1].status),
            item[1].opinion in USELESS,
            is_aside(item[1].email),
            _OPINION_RANK[item[1].opinion],
            -(item[1].certainty or 0),
            item[0],
        ),
    )
    ordered = tuple(contact for _, contact in ranked)
    best = ordered[0]
    return replace(
        lead,
        business=_with_email(lead.business, best),
        email_status=best.status,
        is_role_address=best.is_role_address,
        contacts=ordered,
    )


def _with_email(business: Business, contact: Contact) -> Business:
    reasons = {field: reason for field, reason in business.empty_reasons.items() if field != "email"}
    provenance = {**business.provenance, "email": contact.origin}
    return replace(business, email=contact.email, provenance=provenance, empty_reasons=reasons)
