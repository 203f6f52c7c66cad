"""Campaigns: everything the workspace has ordered, newest first, each order with its runs."""

from __future__ import annotations

import streamlit as st

from services import campaign_orders
from services.campaign_orders import CampaignWhere, OrderPage
from services.identity import Person
from services.permissions import Right, may
from ui import campaign_filters, campaign_list, cards, navigation, rights, session
from ui.format import counted

_PAGE_CARDS = 25
_LOOK_S = 3.0
_SHOWN = "campaigns_shown"


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        cards.heading("Campaigns")
        if may(person, Right.RUN_CAMPAIGNS) and st.button("New campaign", type="primary", key="new"):
            st.switch_page(navigation.NEW_CAMPAIGN)
    rights.offered(person, Right.RUN_CAMPAIGNS)
    campaign_list.show_refusal()
    where = campaign_filters.filters(person, campaign_orders.choices(person))
    # Other tabs and the workers change the list, too.
    st.fragment(_list, run_every=_LOOK_S)(where)
    campaign_list.question(person)


def _list(where: CampaignWhere) -> None:
    person = session.require_person()
    page = campaign_orders.orders(person, where, _limit(where))
    if not page.rows:
        _empty(person, where)
        return
    _count(page, where)
    for order in page.rows:
        campaign_list.card(person, order)
    if page.has_more:
        st.button("Show more", key="more", on_click=_more, args=(where,))


def _count(page: OrderPage, where: CampaignWhere) -> None:
    if where.order:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{counted(page.campaigns, 'run')}** of one order", width="content")
            st.button("All campaigns", key="all", type="tertiary", on_click=campaign_filters.clear)
    elif page.campaigns == page.total:
        st.caption(counted(page.campaigns, "campaign"))
    else:
        st.caption(f"{counted(page.campaigns, 'campaign')} of {counted(page.total, 'order')}")


def _limit(where: CampaignWhere) -> int:
    seen, limit = st.session_state.get(_SHOWN, (None, _PAGE_CARDS))
    return int(limit) if seen == where else _PAGE_CARDS


def _more(where: CampaignWhere) -> None:
    st.session_state[_SHOWN] = (where, _limit(where) + _PAGE_CARDS)


def _empty(person: Person, where: CampaignWhere) -> None:
    if where != CampaignWhere():
        with cards.empty("No campaign matches", "Try other words or fewer filters.", "filter"):
            st.button("Clear filters", type="primary", key="clear", on_click=campaign_filters.clear)
        return
    if not may(person, Right.RUN_CAMPAIGNS):
        cards.empty("No campaigns yet", "You will see here what your colleagues order.", "list")
        return
    body = "Say whom you want to reach and where; the first leads arrive within seconds."
    with cards.empty("Your campaigns will live here", body, "list"):
        if st.button("Start your first campaign", type="primary", key="first"):
            st.switch_page(navigation.NEW_CAMPAIGN)


main()
