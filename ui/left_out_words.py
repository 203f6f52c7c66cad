"""Whom a campaign left out, who was a customer, and whom the book held already, as its pages say it."""

from __future__ import annotations

from pipeline.output.notices import customers_line, in_book_line
from services.campaigns import CampaignView
from ui import suppression_words


def told(campaign: CampaignView) -> list[str]:
    """A sentence for each reason."""
    lines = (
        customers_line(campaign.spec, campaign.customers or 0, campaign.businesses_found),
        in_book_line(campaign.spec, campaign.in_book or 0, campaign.businesses_found),
        suppression_words.left_out(campaign.left_out),
    )
    return [line for line in lines if line]
