"""A person's campaigns as cards that fit a phone, and what can be done with each."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import streamlit as st

from services import campaigns
from services.campaigns import CampaignView
from services.errors import Refused
from ui import draft, navigation, session
from ui.format import ago, confidence, counted, money
from ui.text import plain
from ui.words import STATUS, WORTH_A_LOOK

_REFUSED = "campaigns_refused"


def card(campaign: CampaignView) -> None:
    """Draw one campaign."""
    words, colour = STATUS[campaign.status]
    with st.container(border=True, key=f"pp-card-row-{campaign.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(campaign.title)}**", width="content")
            st.badge(words, color=colour)
            if campaign.suspicion:
                st.badge(WORTH_A_LOOK[0], color=WORTH_A_LOOK[1])
        st.caption(_figures(campaign))
        if not campaign.status.is_final and campaign.status.value != "pending":
            st.progress(campaign.progress / 100)
        with st.container(horizontal=True):
            _actions(campaign)


def show_refusal() -> None:
    """Draw why the last action was not carried out, once."""
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.warning(plain(refused))


def _figures(campaign: CampaignView) -> str:
    parts = [counted(campaign.lead_count, "lead"), plain(money(campaign.spent_micros))]
    if campaign.avg_confidence is not None:
        parts.append(f"average confidence {confidence(campaign.avg_confidence)}")
    return " · ".join([*parts, ago(campaign.created_at)])


def _actions(campaign: CampaignView) -> None:
    has_leads = campaign.status.is_final and campaign.lead_count > 0
    if st.button("See leads" if has_leads else "Open", key=f"open-{campaign.id}"):
        navigation.open_results(campaign.id) if has_leads else navigation.open_progress(campaign.id)
    if campaign.status.is_final:
        if st.button("Run again", key=f"again-{campaign.id}", type="tertiary"):
            _run_again(campaign.id)
        if st.button(
            "Edit", help="Change the order and run it again", key=f"edit-{campaign.id}", type="tertiary"
        ):
            st.switch_page(navigation.NEW_CAMPAIGN, query_params=draft.query_of(campaign.spec))
        if st.button("Delete", key=f"delete-{campaign.id}", type="tertiary"):
            _confirm_delete(campaign.id, campaign.title)


def _run_again(campaign_id: UUID) -> None:
    # Clicks within the same minute are one wish: a second campaign a moment later is never meant.
    key = f"again-{campaign_id}-{datetime.now(UTC):%Y%m%d%H%M}"
    try:
        again = campaigns.run_again(session.require_person(), campaign_id, key)
    except Refused as refused:
        st.session_state[_REFUSED] = str(refused)
        st.rerun()
    navigation.open_progress(again)


@st.dialog("Delete this campaign?")
def _confirm_delete(campaign_id: UUID, title: str) -> None:
    st.markdown(f"**{plain(title)}** and all its leads will be gone for good.")
    with st.container(horizontal=True):
        if st.button("Yes, delete it", type="primary", key="delete_yes"):
            try:
                campaigns.delete(session.require_person(), campaign_id)
            except Refused as refused:
                st.session_state[_REFUSED] = str(refused)
            st.rerun()
        if st.button("Keep it", key="delete_no"):
            st.rerun()
