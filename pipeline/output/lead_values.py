"""Every value of a lead by the name of its field: those of its business, and what its look-ups found beside them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from operator import attrgetter

from pipeline.fields import BETWEEN, DETAILS, NAMED, Field
from pipeline.lead import Business, EmailStatus, Lead

_NAMES = tuple(field.name for field in NAMED)
_NAMED = attrgetter(*_NAMES)


def lead_values(lead: Lead, without: Container[str] = ()) -> Mapping[str, str]:
    """The values there are; ``without`` are origins whose addresses are left out.

    A further value is not the one in its field. An address whose mailbox does not exist is none.
    """
    business, found = lead.business, _found(lead, without)
    values = {name: value for name, value in zip(_NAMES, _NAMED(business), strict=True) if value}
    for field in DETAILS:
        name = field.name
        value = business.details.get(name)
        if field.is_several and (value or found.get(name)):
            value = _several(business, field, value, found.get(name, ()))
        if value:
            values[name] = value
    return values


def _several(business: Business, field: Field, listed: str | None, found: Iterable[str]) -> str:
    first = business.value(field.others_of) if field.others_of else None
    several = dict.fromkeys([*(listed.split(BETWEEN) if listed else []), *found])
    return BETWEEN.join([one for one in several if one != first])


def _found(lead: Lead, without: Container[str]) -> Mapping[str, Sequence[str]]:
    """What look-ups found of fields with several values."""
    emails = [
        contact.email
        for contact in lead.contacts
        if contact.status is not EmailStatus.INVALID and contact.origin.source not in without
    ]
    return {"other_emails": emails, "profiles": lead.profiles}
