"""How a campaign ended, in a few lines: for the terminal and for programs that show it to somebody."""

from __future__ import annotations

from decimal import Decimal

from pipeline.campaign import MICROS_PER_USD, CampaignStatus
from pipeline.output.notices import averages, counted, customers_line, in_book_line
from services.campaigns import CampaignView

ENDED = {
    CampaignStatus.COMPLETED: "Everything ordered was done.",
    CampaignStatus.PARTIAL: "It ended early and keeps what it found.",
    CampaignStatus.FAILED: "It could not be carried out; what it had found is kept.",
    CampaignStatus.CANCELLED: "It was stopped; what it had found by then is kept.",
}
"""What is said of each way to end."""


def in_words(view: CampaignView) -> str:
    """The end of a campaign in a few lines."""
    spent = Decimal(view.spent_micros) / MICROS_PER_USD
    said = [
        f"Campaign {view.status}: {counted(view.lead_count, 'lead')}, ${spent:.2f}. {ENDED[view.status]}",
        f"{view.businesses_found:,} businesses found, {view.qualified_leads:,} qualified, "
        f"{view.leads_enriched:,} enriched, {view.emails_found:,} with an e-mail address, "
        f"{view.emails_verified:,} verified",
        averages(view.avg_confidence, view.avg_reach),
        customers_line(view.spec, view.customers or 0, view.businesses_found),
        in_book_line(view.spec, view.in_book or 0, view.businesses_found),
        "Simulated contacts: a stand-in answered, nothing here is real." if view.simulated else None,
        view.suspicion,
        view.outcome_reason,
        view.notice,
    ]
    return "\n".join(line for line in said if line)
