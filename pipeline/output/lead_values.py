"""Every value of a lead by the name of its field: those of its business, and what its look-ups found beside them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from pipeline.fields import BETWEEN, FIELDS
from pipeline.lead import EmailStatus, Lead


def lead_values(lead: Lead, without: Container[str] = ()) -> Mapping[str, str]:
    """The values there are; ``without`` are origins whose addresses are left out.

    A further value is not the one in its field. An address whose mailbox does not exist is none.
    """
    business = lead.business
    found: dict[str, Iterable[str]] = {
        "other_emails": [
            contact.email
            for contact in lead.contacts
            if contact.status is not EmailStatus.INVALID and contact.origin.source not in without
        ],
        "profiles": lead.profiles,
    }
    values: dict[str, str] = {}
    for field in FIELDS:
        value = business.value(field.name)
        if field.is_several:
            listed = value.split(BETWEEN) if value else []
            several = dict.fromkeys([*listed, *found.get(field.name, ())])
            first = business.value(field.others_of) if field.others_of else None
            value = BETWEEN.join(one for one in several if one != first)
        if value:
            values[field.name] = value
    return values
