"""When a finder of addresses need not be asked for a lead."""

from __future__ import annotations

from pipeline.contact.email_checks import FreeChecks
from pipeline.enrichment.contact_choice import USELESS
from pipeline.lead import Lead


def needless(lead: Lead, checks: FreeChecks) -> str | None:
    """Why nobody need be asked for addresses of a lead, in a sentence; None when its domain is worth asking for."""
    if lead.business.email is not None and lead.email_status not in USELESS:
        return "An e-mail address is known already."
    return checks.domain(lead.business)
