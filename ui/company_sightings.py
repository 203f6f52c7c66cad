"""The campaigns that found a company."""

from __future__ import annotations

import streamlit as st

from services.book import Company
from ui import navigation
from ui.format import day
from ui.text import plain
from ui.viewer_time import local


def sightings(company: Company) -> None:
    """Draw a way to each, newest first."""
    st.markdown("**Found by**")
    for seen in company.sightings:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                navigation.RESULTS,
                label=plain(seen.title),
                query_params={"campaign": str(seen.campaign_id), "lead": seen.lead_id.hex},
            )
            st.caption(day(local(seen.at)))
