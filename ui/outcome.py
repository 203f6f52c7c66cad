"""How a campaign ended, in one truthful sentence, and the one thing to do next."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignStatus
from services.campaigns import CampaignView
from ui import draft
from ui.format import counted, money
from ui.navigation import NEW_CAMPAIGN, RESULTS
from ui.text import plain


def outcome(campaign: CampaignView) -> None:
    """Draw the end of a finished campaign."""
    leads = f"{counted(campaign.lead_count, 'lead')}, {money(campaign.spent_micros)}"
    reason = plain(campaign.outcome_reason)
    match campaign.status:
        case CampaignStatus.COMPLETED:
            st.success(f"**Campaign complete: {plain(leads)}**")
        case CampaignStatus.PARTIAL:
            st.warning(f"**Ended early: {plain(leads)}** — {reason} Everything found so far is kept.")
        case CampaignStatus.CANCELLED:
            st.info(f"**Cancelled: {plain(leads)}** — everything found before you cancelled is kept.")
        case _:
            kept = "Everything found before is kept." if campaign.lead_count else "Nothing was found before."
            st.error(f"**This campaign failed. {plain(leads)}** — {reason} {kept}")
    if campaign.notice:
        st.info(plain(campaign.notice))
    _next_step(campaign)


def _next_step(campaign: CampaignView) -> None:
    if campaign.lead_count:
        if st.button(f"See {counted(campaign.lead_count, 'lead')}", type="primary", key="see_leads"):
            st.switch_page(RESULTS, query_params={"campaign": str(campaign.id)})
    elif st.button("Edit and run again", type="primary", key="edit_again"):
        st.switch_page(NEW_CAMPAIGN, query_params=draft.query_of(campaign.spec))
