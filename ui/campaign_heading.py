"""The head of a campaign's pages: the way back up, its name, how it stands and what was ordered."""

from __future__ import annotations

from html import escape

import streamlit as st

from pipeline.campaign import MAX_TEXT
from services import renaming
from services.campaigns import CampaignView
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import campaign_cost, campaign_tags, cards, navigation, order_words, session
from ui.navigation import CAMPAIGNS, CAMPAIGNS_PATH
from ui.text import plain
from ui.words import STATUS

_NAME = "campaign_name"


def heading(person: Person, campaign: CampaignView) -> None:
    """Draw it."""
    mark_in_menu()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        _way_up(campaign)
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            _choices(person, campaign)
    cards.heading(campaign.title, badge=STATUS[campaign.status], tags=campaign.tags)
    st.caption(plain(order_words.in_a_line(campaign)))
    campaign_cost.simulated_banner(campaign)


def _way_up(campaign: CampaignView) -> None:
    if campaign.bulk_id is None:
        st.page_link(CAMPAIGNS, label="← All campaigns")
    else:
        query = {"bulk": str(campaign.bulk_id)}
        st.page_link(navigation.BULK_ORDERS, label="← The bulk order", query_params=query)


def mark_in_menu() -> None:
    """Have the menu show the list of campaigns as where one is."""
    navigation.mark_in_menu(CAMPAIGNS_PATH)


def order_table(campaign: CampaignView) -> None:
    """Draw every parameter of the order."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(label)}</th><td>{escape(said)}</td></tr>"
        for label, said in order_words.in_full(campaign)
    )
    st.html(f'<table class="pp-order"><tbody>{rows}</tbody></table>')


def _choices(person: Person, campaign: CampaignView) -> None:
    with st.popover("Order", key="order", type="tertiary"):
        order_table(campaign)
    if campaign.started_at and st.button("Compare", key="compare", type="tertiary"):
        navigation.open_comparison(campaign.id)
    if not may(person, Right.RUN_CAMPAIGNS):
        return
    can_repeat = campaign.spec.own_list is None and person.guest_until is None
    if can_repeat and st.button("Repeat", key="repeat", type="tertiary"):
        navigation.open_schedules(campaign.id)
    if st.button("Tags", key="tags", type="tertiary"):
        _tags(campaign)
    if st.button("Rename", key="rename", type="tertiary"):
        _rename(campaign)


@st.dialog("Tags of this campaign")
def _tags(campaign: CampaignView) -> None:
    if campaign_tags.editor(session.require_person(), campaign):
        st.rerun()


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
