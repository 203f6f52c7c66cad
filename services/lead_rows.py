"""A lead as one line of the table, of a file and of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pipeline.contact.contacts import is_mobile
from pipeline.fields import EXPLAINED
from pipeline.lead import Business, EmailStatus, Lead
from pipeline.output.credits import Credit, credits_of
from pipeline.output.lead_values import lead_values
from pipeline.output.reasons import as_text, why_empty
from pipeline.qualification.criteria import Verdict
from pipeline.words.categories import label_for
from pipeline.words.register_tags import REGISTERS
from store.leads import StoredLead


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRow:
    """One line of the table. ``details`` are fields by name, ``sources`` and ``why_empty`` words for people; ``values``
    are those of every field there is one of, by name. ``is_registered_office``: only a register states the address.
    Without a ``reach`` an earlier version rated the lead, whose
    single score is in ``confidence``."""

    id: UUID
    name: str
    category: str
    category_label: str
    address: str | None
    is_registered_office: bool
    city: str | None
    phone: str | None
    website: str | None
    email: str | None
    details: Mapping[str, str]
    email_status: EmailStatus
    is_role_address: bool
    confidence: int
    reach: int | None
    chain: str | None
    sources: tuple[str, ...]
    credits: tuple[Credit, ...]
    why_empty: str
    lat: float | None
    lon: float | None
    cost_micros: int
    values: Mapping[str, str]
    source_refs: tuple[str, ...]
    observed_on: date | None
    verdicts: tuple[Verdict, ...]

    @property
    def whereabouts(self) -> str | None:
        """Its address, said to be a registered office where it is one, or its city alone."""
        if self.address and self.is_registered_office:
            return f"Registered office: {self.address}"
        return self.address or self.city

    @property
    def has_mobile(self) -> bool:
        """The phone number is a mobile one."""
        return self.phone is not None and is_mobile(self.phone)


def row_of(lead: StoredLead) -> LeadRow:
    """A stored lead as a line of the table."""
    business = lead.business
    address_from = business.provenance.get("address")
    return LeadRow(
        id=lead.id,
        name=business.name,
        category=business.category,
        category_label=label_for(business.category),
        address=business.address,
        is_registered_office=address_from is not None and address_from.source in REGISTERS,
        city=business.city,
        phone=business.phone,
        website=business.website,
        email=business.email,
        details=business.details,
        email_status=lead.lead.email_status,
        is_role_address=lead.lead.is_role_address,
        confidence=business.confidence,
        reach=business.reach,
        chain=business.chain,
        sources=sources_of(business),
        credits=credits_of(business.origins),
        why_empty=empty_in_words(lead.lead),
        lat=business.lat,
        lon=business.lon,
        cost_micros=lead.lead.cost_micros,
        values=lead_values(lead.lead),
        source_refs=refs_of(business),
        observed_on=observed_on(business),
        verdicts=lead.lead.verdicts,
    )


def sources_of(business: Business) -> tuple[str, ...]:
    """What people call the sources of a business."""
    return tuple(dict.fromkeys([origin.label for origin in business.origins]))


def refs_of(business: Business) -> tuple[str, ...]:
    """What the records of a business are called at their sources."""
    return tuple([origin.ref for origin in business.origins])


def observed_on(business: Business) -> date | None:
    """The newest day one of its records was observed."""
    return max([day for origin in business.origins if (day := origin.observed_on)], default=None)


def empty_in_words(lead: Lead) -> str:
    """Why fields of a lead are empty."""
    reasons = why_empty(lead)
    return as_text(*[reasons[field.name] for field in EXPLAINED if field.name in reasons])
