"""Campaigns: everything this person has ordered, newest first."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignStatus
from services import campaigns
from services.identity import Person
from services.permissions import Right, may
from ui import campaign_list, cards, navigation, rights, session
from ui.format import counted
from ui.words import STATUS

_STATUSES = {words: status for status, (words, _) in STATUS.items()}
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
    status, text = _filters()
    # Other tabs and the workers change the list, too.
    st.fragment(_list, run_every=_LOOK_S)(status, text)
    campaign_list.question(person)


def _list(status: CampaignStatus | None, text: str | None) -> None:
    person = session.require_person()
    page = campaigns.list_mine(person, status=status, text=text, cursor=None, limit=_limit(status, text))
    if not page.rows:
        _empty(person, filtered=bool(status or text))
        return
    st.caption(counted(page.total, "campaign"))
    for campaign in page.rows:
        campaign_list.card(person, campaign)
    if page.next_cursor:
        st.button("Show more", key="more", on_click=_more, args=(status, text))


def _filters() -> tuple[CampaignStatus | None, str | None]:
    left, right = st.columns([2, 1])
    text = left.text_input(
        "Search", key="find", max_chars=200, placeholder="Type of business or place", bind="query-params"
    )
    words = right.selectbox(
        "Status", list(_STATUSES), index=None, key="show", placeholder="Any", bind="query-params"
    )
    return _STATUSES.get(words or ""), (text or "").strip() or None


def _limit(status: CampaignStatus | None, text: str | None) -> int:
    seen, limit = st.session_state.get(_SHOWN, (None, _PAGE_CARDS))
    return int(limit) if seen == (status, text) else _PAGE_CARDS


def _more(status: CampaignStatus | None, text: str | None) -> None:
    st.session_state[_SHOWN] = ((status, text), _limit(status, text) + _PAGE_CARDS)


def _clear() -> None:
    st.session_state["find"], st.session_state["show"] = "", None


def _empty(person: Person, *, filtered: bool) -> None:
    if filtered:
        with cards.empty("No campaign matches", "Try another word or status.", "filter"):
            st.button("Clear filters", type="primary", key="clear", on_click=_clear)
        return
    if not may(person, Right.RUN_CAMPAIGNS):
        cards.empty("No campaigns yet", "You will see here what your colleagues order.", "list")
        return
    body = "Say whom you want to reach and where; the first leads arrive within seconds."
    with cards.empty("Your campaigns will live here", body, "list"):
        if st.button("Start your first campaign", type="primary", key="first"):
            st.switch_page(navigation.NEW_CAMPAIGN)


main()
