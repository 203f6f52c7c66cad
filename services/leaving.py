"""What of a lead may leave: the one rule of every way out, whether file, JSON or list of calls.

``kept_here`` are origins whose values stay, as ``services.export_terms.withheld_origins`` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.fields import BETWEEN
from pipeline.lead import Business, Lead
from pipeline.output.export import ExportRow
from pipeline.output.lead_values import lead_values
from pipeline.providers.registry import registry
from services.lead_rows import LeadRow, row_of
from store.leads import StoredLead

_WITHHELD = "Values that only {label} gave were left out: its terms restrict exporting them."
_LEAST = 6
"""Letters of a value that are no chance part of another text, as a country code is."""


def fields_that_stay(business: Business, kept_here: frozenset[str]) -> frozenset[str]:
    """The fields of a business that only these origins gave."""
    return frozenset(name for name, origin in business.provenance.items() if origin.source in kept_here)


def tells_what_stays(text: str, business: Business, kept_here: frozenset[str]) -> bool:
    """Whether a text gives away a value that stays, such as the domain of a website."""
    said = text.casefold()
    values = _values_that_stay(business, kept_here) if said else ()
    return any(said in value or (len(value) >= _LEAST and value in said) for value in values)


def row_that_leaves(lead: StoredLead, kept_here: frozenset[str], *, is_simulated: bool) -> ExportRow:
    """A lead as it may leave, and what it lacks for that said under ``why_empty``."""
    row, business = row_of(lead), lead.business
    hidden = fields_that_stay(business, kept_here)
    email_origin = business.provenance.get("email")
    values = {name: value for name, value in _told(lead.lead, row, kept_here).items() if name not in hidden}
    is_placed = business.origins[0].source not in kept_here
    return ExportRow(
        id=lead.id,
        name=None if "name" in hidden else row.name,
        tag=row.category,
        category=row.category_label,
        values=values,
        email_status=row.email_status,
        email_source=(email_origin.url or email_origin.label) if email_origin else None,
        is_role_address=row.is_role_address,
        confidence=row.confidence,
        reach=row.reach,
        chain=None if "chain" in hidden else row.chain,
        sources=row.sources,
        why_empty=" ".join(part for part in (row.why_empty, _said(business, hidden)) if part),
        lat=row.lat if is_placed else None,
        lon=row.lon if is_placed else None,
        source_refs=row.source_refs,
        observed_on=row.observed_on,
        cost_micros=row.cost_micros,
        is_simulated=is_simulated,
        attribution=_attribution(lead),
    )


def _told(lead: Lead, row: LeadRow, kept_here: frozenset[str]) -> Mapping[str, str]:
    """The values without the addresses of those origins; most leads have none, and the row has read theirs already."""
    if any(contact.origin.source in kept_here for contact in lead.contacts):
        return lead_values(lead, kept_here)
    return row.values


def _values_that_stay(business: Business, kept_here: frozenset[str]) -> Iterator[str]:
    for name in fields_that_stay(business, kept_here):
        for value in (business.value(name) or "").split(BETWEEN):
            if value:
                yield value.casefold()


def _said(business: Business, hidden: frozenset[str]) -> str:
    """That values were left out, and whose."""
    labels = dict.fromkeys(business.provenance[field].label for field in sorted(hidden))
    return " ".join(_WITHHELD.format(label=label) for label in labels)


def _attribution(lead: StoredLead) -> str:
    """Whom to credit: what the terms of each source of the business ask for, or its name."""
    return " · ".join(dict.fromkeys(registry().credit(o.source) for o in lead.business.origins))
