"""A campaign and its leads as JSON: a format of exports like the others, which only the terminal has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

from pipeline.campaign import MICROS_PER_USD
from pipeline.output.export import About, ExportFormat, ExportRow
from pipeline.output.lead_json import lead_json
from services.campaigns import CampaignView


def as_json(view: CampaignView) -> ExportFormat:
    """The end of a campaign with the leads that are exported."""

    def write(rows: Sequence[ExportRow], about: About) -> bytes:
        said = _campaign(view) | {"attribution": about.attribution, "licence": about.licence}
        said |= {"withheld": about.withheld, "leads": [lead_json(row) for row in rows]}
        return json.dumps(said, ensure_ascii=False, indent=2).encode()

    return ExportFormat(key="json", label="JSON", mime="application/json", extension="json", write=write)


def cost_usd(view: CampaignView) -> Decimal:
    """What the campaign cost, in US dollars."""
    return Decimal(view.spent_micros) / MICROS_PER_USD


def _campaign(view: CampaignView) -> dict[str, object]:
    return {
        "campaign": str(view.id),
        "status": view.status.value,
        "reason": view.outcome_reason,
        "notice": view.notice,
        "suspicion": view.suspicion,
        "cost_usd": f"{cost_usd(view):f}",
        "businesses_found": view.businesses_found,
        "in_book": view.in_book,
        "customers": view.customers,
        "qualified_leads": view.qualified_leads,
        "leads_enriched": view.leads_enriched,
        "emails_found": view.emails_found,
        "emails_verified": view.emails_verified,
        "avg_confidence": _average(view.avg_confidence),
        "avg_reach": _average(view.avg_reach),
        "saved_usd": f"{Decimal(view.saved_micros) / MICROS_PER_USD:f}",
        "uncertain_usd": f"{Decimal(view.uncertain_micros) / MICROS_PER_USD:f}",
        "simulated": view.simulated,
    }


def _average(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
