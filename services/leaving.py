"""What of a lead may leave: the one rule of every way out, whether file, JSON or list of calls.

``kept_here`` are origins whose values stay, as ``services.export_terms.withheld_origins`` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.fields import BETWEEN
from pipeline.lead import Business, Lead
from pipeline.output.credits import attributions, credits_of, licences
from pipeline.output.export import ExportRow
from pipeline.output.lead_values import lead_values
from pipeline.qualification.criteria import Verdict
from pipeline.words.categories import label_for
from services.lead_rows import empty_in_words, observed_on, refs_of, sources_of
from store.leads import StoredLead

_WITHHELD = "Values that only {label} gave were left out: its terms restrict exporting them."
_NOT_QUOTED = "What it rests on was left out: the terms of a source restrict exporting where it stands."
_LEAST = 6
"""Letters of a value that are no chance part of another text, as a country code is."""


def fields_that_stay(business: Business, kept_here: frozenset[str]) -> frozenset[str]:
    """The fields of a business that only these origins gave."""
    return frozenset([name for name, origin in business.provenance.items() if origin.source in kept_here])


def tells_what_stays(text: str, business: Business, kept_here: frozenset[str]) -> bool:
    """Whether a text gives away a value that stays, such as the domain of a website."""
    said = text.casefold()
    values = _values_that_stay(business, kept_here) if said else ()
    return any(said in value or (len(value) >= _LEAST and value in said) for value in values)


def row_that_leaves(lead: StoredLead, kept_here: frozenset[str], *, is_simulated: bool) -> ExportRow:
    """A lead as it may leave, and what it lacks for that said under ``why_empty``."""
    business = lead.business
    hidden = fields_that_stay(business, kept_here)
    values = lead_values(lead.lead, kept_here)
    email_origin = business.provenance.get("email")
    credits = credits_of(business.origins)
    is_placed = business.origins[0].source not in kept_here
    return ExportRow(
        id=lead.id,
        name=None if "name" in hidden else business.name,
        tag=business.category,
        category=label_for(business.category),
        values={name: value for name, value in values.items() if name not in hidden} if hidden else values,
        email_status=lead.lead.email_status,
        email_source=(email_origin.url or email_origin.label) if email_origin else None,
        is_role_address=lead.lead.is_role_address,
        confidence=business.confidence,
        reach=business.reach,
        chain=None if "chain" in hidden else business.chain,
        sources=sources_of(business),
        why_empty=_why_empty(lead.lead, hidden),
        lat=business.lat if is_placed else None,
        lon=business.lon if is_placed else None,
        source_refs=refs_of(business),
        observed_on=observed_on(business),
        cost_micros=lead.lead.cost_micros,
        is_simulated=is_simulated,
        verdicts=tuple(_verdicts(lead.lead, kept_here)),
        attribution=attributions(credits),
        licence=licences(credits),
    )


def _verdicts(lead: Lead, kept_here: frozenset[str]) -> Iterator[Verdict]:
    """What its website says; without the sentence and its page where these tell a value that stays."""
    for verdict in lead.verdicts:
        said = f"{verdict.quote or ''} {verdict.page or ''} {verdict.why}"
        is_told = tells_what_stays(said, lead.business, kept_here)
        yield replace(verdict, quote=None, page=None, why=_NOT_QUOTED) if is_told else verdict


def _values_that_stay(business: Business, kept_here: frozenset[str]) -> Iterator[str]:
    for name in fields_that_stay(business, kept_here):
        for value in (business.value(name) or "").split(BETWEEN):
            if value:
                yield value.casefold()


def _why_empty(lead: Lead, hidden: frozenset[str]) -> str:
    """Why fields are empty, also that values were left out, and whose."""
    reasons = empty_in_words(lead)
    if not hidden:
        return reasons
    labels = dict.fromkeys(lead.business.provenance[field].label for field in sorted(hidden))
    withheld = " ".join(_WITHHELD.format(label=label) for label in labels)
    return f"{reasons} {withheld}" if reasons else withheld
