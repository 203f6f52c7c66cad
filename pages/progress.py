"""Progress: one campaign while it runs, and how it ended."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from services import campaigns
from services.campaigns import CampaignView
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from services.watching import Watched
from ui import (
    campaign_heading,
    draft,
    live,
    navigation,
    outcome,
    progress_panel,
    session,
    standstill,
)
from ui.links import campaign_in_address
from ui.text import plain

_RUNNING_S = 1.0
_WAITING_S = 3.0


def main() -> None:
    """Draw the page; only a campaign that can still move is looked at again by itself."""
    person = session.require_person()
    draft.arrived()
    campaign = campaign_in_address(person)
    campaign_heading.heading(person, campaign)
    if campaign.status.is_final:
        watched = session.require_sight(person, campaign.id)
        outcome.outcome(person, campaign)
        progress_panel.panel(watched)
    else:
        _actions(person, campaign)
        live.part(
            "progress",
            _rhythm_s(campaign),
            lambda: _read(person, campaign.id, campaign.status),
            lambda watched: _watch(person, watched),
            of=campaign.id,
        )


def _read(person: Person, campaign_id: UUID, drawn_as: CampaignStatus) -> Watched:
    """Run each second as far as there is news (``api/ticks.py``); all of it is read in one look."""
    try:
        watched = session.require_sight(person, campaign_id)
    except Refused:
        st.rerun()
    if watched.campaign.status is not drawn_as:
        st.rerun()
    return watched


def _watch(person: Person, watched: Watched) -> None:
    standstill.notice(person, watched.campaign)
    progress_panel.live(watched)


def _rhythm_s(campaign: CampaignView) -> float:
    return _WAITING_S if campaign.status is CampaignStatus.PENDING else _RUNNING_S


def _actions(person: Person, campaign: CampaignView) -> None:
    with st.container(horizontal=True):
        if st.button("Look at the leads so far", key="leads_so_far"):
            navigation.open_results(campaign.id)
        if campaign.cancel_requested:
            st.button("Cancelling …", disabled=True, key="cancelling")
        elif may(person, Right.RUN_CAMPAIGNS) and st.button("Cancel campaign", type="tertiary", key="cancel"):
            _confirm_cancel(campaign.id)


@st.dialog("Cancel this campaign?")
def _confirm_cancel(campaign_id: UUID) -> None:
    st.markdown("It stops within a few seconds. The leads found so far stay yours.")
    with st.container(horizontal=True):
        if st.button("Yes, cancel it", type="primary", key="cancel_yes"):
            try:
                campaigns.cancel(session.require_person(), campaign_id)
            except Refused as refused:
                st.warning(plain(str(refused)))
                return
            st.rerun()
        if st.button("Keep it running", key="cancel_no"):
            st.rerun()


main()
