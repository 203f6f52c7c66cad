"""The facts of a data sheet: what the leads of a file are made of, and what the installation and workspace say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import settings
from pipeline.output import data_sheet
from pipeline.output.data_sheet import Line, SheetFacts
from pipeline.providers.registry import registry
from services import export_terms
from services.identity import Person
from services.leaving import fields_that_stay
from store import privacy_notes
from store.database import Connection
from store.leads import StoredLead


def lines(
    conn: Connection,
    person: Person,
    campaign: str,
    found: Sequence[StoredLead],
    filtered_by: str,
    at: datetime,
) -> list[Line]:
    """The data sheet of a file with these leads of a campaign, taken at a moment by a person."""
    values = settings.get().provider_values()
    kept_here = export_terms.withheld_origins()
    return data_sheet.lines(
        SheetFacts(
            workspace=person.workspace_name,
            exported_by=person.email,
            exported_at=at,
            campaign=campaign,
            filtered_by=filtered_by,
            rows=len(found),
            origins=sorted({origin for lead in found for origin in _origins(lead)}),
            observed=[o.observed_on for lead in found for o in lead.business.origins if o.observed_on],
            withheld=sum(bool(fields_that_stay(lead.business, kept_here)) for lead in found),
            withheld_by=[registry().origin_label(origin) for origin in sorted(kept_here)],
            retained_days={
                origin: int(values[name]) for origin, name in registry().retained_briefly().items()
            },
            leads_days=settings.get().lead_retention_days,
            legal_basis=privacy_notes.get(conn, person.workspace_id),
        )
    )


def _origins(lead: StoredLead) -> set[str]:
    business = lead.business
    contacts = {contact.origin.source for contact in lead.lead.contacts}
    merged = {origin.source for origin in business.origins}
    return merged | contacts | {origin.source for origin in business.provenance.values()}
