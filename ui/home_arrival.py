"""Arriving: where to go while there is nothing to see yet, and what there is in one line."""

from __future__ import annotations

import streamlit as st

from services.home import Home
from services.identity import Person
from services.permissions import Right, may
from ui import book_table, cards, draft_address, navigation
from ui.format import ago, counted
from ui.viewer_time import local

_CAME = "home_came"


def follow_old_address() -> None:
    """The form of a new campaign was the first page once: an order in the address still opens it."""
    if any(name in st.query_params for name in draft_address.KEYS.values()):
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        st.switch_page(navigation.NEW_CAMPAIGN, query_params=query)


def nothing_yet(person: Person) -> None:
    """Take whoever arrives at a workspace without a campaign to the form of the first one; when they come back here
    they are told what this page is for."""
    orders = may(person, Right.RUN_CAMPAIGNS)
    if orders and not st.session_state.get(_CAME):
        st.session_state[_CAME] = True
        st.switch_page(navigation.NEW_CAMPAIGN)
    cards.heading("Home")
    if not orders:
        cards.empty(
            "Nothing has happened yet", "You will see here what your colleagues' campaigns find.", "list"
        )
        return
    body = (
        "What runs, what ended, new leads, follow-ups and costs will stand here. It begins with a campaign."
    )
    with cards.empty("Nothing has happened yet", body, "list"):
        if st.button("Start your first campaign", type="primary", key="first"):
            st.switch_page(navigation.NEW_CAMPAIGN)


def in_short(view: Home) -> str:
    """What there is, in one line, for whoever has a second."""
    when = "In the last 7 days" if view.is_first else f"Since your last visit, {ago(local(view.since))}"
    ended = f"{'more than ' if view.has_more_ended else ''}{counted(len(view.ended), 'campaign')} ended"
    leads = f"{book_table.how_many(view.new)} new {'lead' if view.new == 1 else 'leads'}"
    due = view.mine.overdue + view.mine.today
    follow_ups = f"{book_table.how_many(due)} of your follow-ups {'is' if due == 1 else 'are'} due."
    return f"{when}: {ended}, {leads}. {follow_ups if due else ''}".strip()
