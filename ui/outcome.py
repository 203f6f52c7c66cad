"""How a campaign ended, in one truthful sentence, and the one thing to do next."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignStatus
from services.campaigns import CampaignView
from ui import draft
from ui.format import counted, money
from ui.navigation import NEW_CAMPAIGN, RESULTS
from ui.text import plain

# What was kept is the number of leads; the reason says the rest.
_HEADLINES = {
    CampaignStatus.COMPLETED: ("Campaign complete", st.success),
    CampaignStatus.PARTIAL: ("Ended early", st.warning),
    CampaignStatus.CANCELLED: ("Cancelled", st.info),
    CampaignStatus.FAILED: ("This campaign failed", st.error),
}


def outcome(campaign: CampaignView) -> None:
    """Draw the end of a finished campaign."""
    got = f"{counted(campaign.lead_count, 'lead')}, {money(campaign.spent_micros)}"
    headline, show = _HEADLINES[campaign.status]
    show(" ".join(part for part in (f"**{headline}: {plain(got)}**", plain(campaign.outcome_reason)) if part))
    if campaign.notice:
        st.info(plain(campaign.notice))
    _next_step(campaign)


def _next_step(campaign: CampaignView) -> None:
    if campaign.lead_count:
        if st.button(f"See {counted(campaign.lead_count, 'lead')}", type="primary", key="see_leads"):
            st.switch_page(RESULTS, query_params={"campaign": str(campaign.id)})
    elif st.button("Edit and run again", type="primary", key="edit_again"):
        st.switch_page(NEW_CAMPAIGN, query_params=draft.query_of(campaign.spec))
