"""What the leads of a campaign say while more of them are on their way."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services import campaigns
from services.campaigns import CampaignView
from ui import session
from ui.format import counted

_LOOK_S = 3.0


def notice(campaign: CampaignView) -> None:
    """Draw that the campaign runs; its end draws the page anew by itself, new leads wait to be asked for."""
    st.fragment(_watch, run_every=_LOOK_S)(campaign.id, campaign.lead_count)


def _watch(campaign_id: UUID, shown: int) -> None:
    campaign = campaigns.get(session.require_person(), campaign_id)
    if campaign.status.is_final:
        st.rerun()
    new = campaign.lead_count - shown
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info("This campaign is still running, more leads may follow.")
        label = f"Show {counted(new, 'new lead')}" if new > 0 else "Show the newest leads"
        if st.button(label, key="newest"):
            st.rerun()
