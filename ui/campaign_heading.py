"""The head of a campaign's pages: the way back up, its name, how it stands and what was ordered."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import MAX_TEXT
from services import renaming
from services.campaigns import CampaignView
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import campaign_cost, cards, order_words, session
from ui.navigation import CAMPAIGNS
from ui.text import plain
from ui.words import STATUS

# Pages below the list are not in the menu, so the list is marked as where one is.
_MARK = """<style>
[data-testid="stSidebarNavLink"][href$="/campaigns"] { background: var(--pp-here); font-weight: 600; }
</style>"""
_NAME = "campaign_name"


def heading(person: Person, campaign: CampaignView) -> None:
    """Draw it."""
    st.html(_MARK)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.page_link(CAMPAIGNS, label="← All campaigns")
        if may(person, Right.RUN_CAMPAIGNS) and st.button("Rename", key="rename", type="tertiary"):
            _rename(campaign)
    cards.heading(campaign.title, badge=STATUS[campaign.status])
    st.caption(plain(order_words.in_a_line(campaign)))
    campaign_cost.simulated_banner(campaign)


@st.dialog("Rename this campaign")
def _rename(campaign: CampaignView) -> None:
    with st.form("rename_form", border=False):
        name = st.text_input("Name", value=campaign.title, key=_NAME, max_chars=MAX_TEXT)
        is_sent = st.form_submit_button("Save", type="primary", key="rename_save")
    if not is_sent:
        return
    try:
        renaming.rename(session.require_person(), campaign.id, name or "")
    except Refused as refused:
        st.error(plain(str(refused)))
        return
    st.rerun()
