"""Watching a campaign from the terminal, and saying how it ended."""

from __future__ import annotations

import time
from decimal import Decimal
from uuid import UUID

from tqdm import tqdm

from pipeline.campaign import MICROS_PER_USD, CampaignStatus
from pipeline.output.export import OSM_ATTRIBUTION
from services import campaigns, results
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter, LeadSort

EXIT_CODES = {
    CampaignStatus.COMPLETED: 0,
    CampaignStatus.PARTIAL: 3,
    CampaignStatus.FAILED: 4,
    CampaignStatus.CANCELLED: 5,
}
_POLL_S = 0.2


def follow(person: Person, campaign_id: UUID) -> CampaignView:
    """Draw a progress bar on standard error until the campaign has ended. Ctrl-C stops the campaign."""
    while True:
        try:
            return _watched(person, campaign_id)
        except KeyboardInterrupt:
            campaigns.cancel(person, campaign_id)


def _watched(person: Person, campaign_id: UUID) -> CampaignView:
    with tqdm(total=100, unit="%", bar_format="{desc} {bar} {n:.0f} % [{elapsed}]") as bar:
        while True:
            view = campaigns.get(person, campaign_id)
            bar.set_description_str(view.stage.value.replace("_", " "), refresh=False)
            bar.update(view.progress - bar.n)
            if view.status.is_final:
                return view
            time.sleep(_POLL_S)


def cost_usd(view: CampaignView) -> Decimal:
    """What the campaign cost, in US dollars."""
    return Decimal(view.spent_micros) / MICROS_PER_USD


def in_words(view: CampaignView) -> str:
    """The end of a campaign in a few lines."""
    said = [
        f"Campaign {view.status}: {view.lead_count:,} leads, ${cost_usd(view):.2f}",
        f"{view.businesses_found:,} businesses found, {view.qualified_leads:,} qualified, "
        f"{view.leads_enriched:,} enriched, {view.emails_found:,} with an e-mail address, "
        f"{view.emails_verified:,} verified",
        "Simulated contacts: a stand-in answered, nothing here is real." if view.simulated else None,
        view.suspicion,
        view.outcome_reason,
        view.notice,
    ]
    return "\n".join(line for line in said if line)


def as_json(person: Person, view: CampaignView) -> dict[str, object]:
    """The end of a campaign with all its leads."""
    return {
        "campaign": str(view.id),
        "status": view.status.value,
        "reason": view.outcome_reason,
        "notice": view.notice,
        "suspicion": view.suspicion,
        "cost_usd": f"{cost_usd(view):f}",
        "businesses_found": view.businesses_found,
        "qualified_leads": view.qualified_leads,
        "leads_enriched": view.leads_enriched,
        "emails_found": view.emails_found,
        "emails_verified": view.emails_verified,
        "saved_usd": f"{Decimal(view.saved_micros) / MICROS_PER_USD:f}",
        "uncertain_usd": f"{Decimal(view.uncertain_micros) / MICROS_PER_USD:f}",
        "simulated": view.simulated,
        "attribution": OSM_ATTRIBUTION,
        "leads": [
            _lead(row) for row in results.all_leads(person, view.id, LeadFilter(), LeadSort.CONFIDENCE)
        ],
    }


def _lead(row: results.LeadRow) -> dict[str, object]:
    return {
        "name": row.name,
        "category": row.category_label,
        "address": row.address,
        "phone": row.phone,
        "website": row.website,
        "email": row.email,
        "email_status": row.email_status.value,
        **row.details,
        "confidence": row.confidence,
        "sources": list(row.sources),
        "why_empty": row.why_empty,
        "cost_usd": f"{Decimal(row.cost_micros) / MICROS_PER_USD:f}",
        "lat": row.lat,
        "lon": row.lon,
    }
