"""What sources gave where a value that a person typed stands in a lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from pipeline.lead import Business, EmailStatus, Lead
from store.pieces import origin_of

Found = Mapping[str, Mapping[str, Any]]
"""As ``leads.found`` has it: by name the value, its origin, and why it is empty."""
_OF_LEAD = ("email_status", "is_role_address", "phone_is_mobile", "open_week", "time_zone")
_DETAIL = "street"


def as_found(lead: Lead, found: Found) -> Lead:
    """The lead as its campaign found it, without what people typed."""
    if not found:
        return lead
    business, values = lead.business, {name: said["value"] for name, said in found.items()}
    origins = {name: origin_of(said["origin"]) for name, said in found.items() if said.get("origin")}
    reasons = {name: said["reason"] for name, said in found.items() if said.get("reason")}
    plain = {name: value for name, value in values.items() if name not in (*_OF_LEAD, _DETAIL)}
    return replace(
        lead,
        business=replace(
            business,
            **plain,
            details=_details(business, values),
            provenance={**_without(business.provenance, found), **origins},
            empty_reasons={**_without(business.empty_reasons, found), **reasons},
        ),
        email_status=EmailStatus(values.get("email_status", lead.email_status)),
        is_role_address=bool(values.get("is_role_address", lead.is_role_address)),
    )


def _details(business: Business, values: Mapping[str, Any]) -> Mapping[str, str]:
    if _DETAIL not in values:
        return business.details
    street = {_DETAIL: values[_DETAIL]} if values[_DETAIL] else {}
    return {**_without(business.details, (_DETAIL,)), **street}


def _without(mapping: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in names}
