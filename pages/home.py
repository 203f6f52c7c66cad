"""Home: what now? What runs and what ended, follow-ups, new leads, and the month in money."""

from __future__ import annotations

import streamlit as st

from services import home
from services.permissions import Right, may
from ui import (
    billing_cards,
    campaign_list,
    cards,
    home_arrival,
    home_bulk,
    home_campaigns,
    home_leads,
    home_mentions,
    home_money,
    navigation,
    schedule_cards,
    session,
    wallet_cards,
)
from ui.viewer_time import today


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    home_arrival.follow_old_address()
    view = home.look(person, today())
    if view is None:
        home_arrival.nothing_yet(person)
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        cards.heading("Home")
        if may(person, Right.RUN_CAMPAIGNS) and st.button("New campaign", type="primary", key="new"):
            st.switch_page(navigation.NEW_CAMPAIGN)
    st.caption(home_arrival.in_short(view))
    campaign_list.show_refusal()
    billing_cards.notice(person)
    wallet_cards.notice(person)
    schedule_cards.paused(person)
    left, right = st.columns([1.5, 1], gap="medium")
    # First, as what is due stands above everything on a phone.
    with right:
        home_mentions.draw(person)
        home_leads.follow_ups(view, today())
        home_leads.new(view)
        home_money.month(view.month)
    with left:
        runs_more = home_bulk.live(person)
        home_campaigns.live(view.running)
        home_campaigns.ended(view, runs_more=runs_more)
        home_campaigns.worth_again(person, view)
    campaign_list.question(person)


main()
