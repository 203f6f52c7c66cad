"""Every value of a lead by the name of its field: those of its business, and what its look-ups found beside them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from operator import attrgetter

from pipeline.fields import BETWEEN, DETAILS, NAMED, Field
from pipeline.lead import EmailStatus, Lead

_NAMES = tuple(field.name for field in NAMED)
_NAMED = attrgetter(*_NAMES)


def lead_values(lead: Lead, without: Container[str] = ()) -> Mapping[str, str]:
    """The values there are; ``without`` are origins whose addresses are left out.

    A further value is not the one in its field. An address whose mailbox does not exist is none.
    """
    business, details = lead.business, lead.business.details
    values = {name: value for name, value in zip(_NAMES, _NAMED(business), strict=True) if value}
    for field in DETAILS:
        value = _several(lead, field, without) if field.is_several else details.get(field.name)
        if value:
            values[field.name] = value
    return values


def _several(lead: Lead, field: Field, without: Container[str]) -> str | None:
    listed, found = lead.business.details.get(field.name), _found(lead, field.name, without)
    if not listed and not found:
        return None
    first = lead.business.value(field.others_of) if field.others_of else None
    several = dict.fromkeys([*(listed.split(BETWEEN) if listed else []), *found])
    return BETWEEN.join([one for one in several if one != first])


def _found(lead: Lead, field: str, without: Container[str]) -> Sequence[str]:
    """What look-ups found of a field with several values."""
    if field == "other_emails":
        return [
            contact.email
            for contact in lead.contacts
            if contact.status is not EmailStatus.INVALID and contact.origin.source not in without
        ]
    return lead.profiles if field == "profiles" else ()
