"""Bulk orders: many campaigns ordered together, each with how far it is; or one of them, with its campaigns."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services import bulk_orders
from services.bulk_orders import BulkView
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, may
from ui import bulk_panel, bulk_words, cards, navigation, question, session
from ui.format import counted
from ui.text import plain

_LOOK_S = 3.0
_SHOWN = "bulk_shown"
_PAGE_CARDS = 25


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    wanted = st.query_params.get("bulk")
    if wanted:
        st.page_link(navigation.BULK_ORDERS, label="← All bulk orders")
        try:
            bulk_panel.draw(person, UUID(wanted[:64]))
        except (ValueError, NotFound):
            _gone()
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        cards.heading("Bulk orders")
        if may(person, Right.RUN_CAMPAIGNS) and st.button("New bulk order", type="primary", key="new"):
            st.switch_page(navigation.NEW_BULK_ORDER)
    st.caption("Many campaigns ordered together, with one cap for all.")
    question.draw()
    st.fragment(_list, run_every=_LOOK_S)()


def _gone() -> None:
    with cards.empty(
        "We can't find that bulk order", "It may have been deleted, or the link is not complete.", "search"
    ):
        if st.button("See your bulk orders", type="primary", key="to_bulk_orders"):
            st.switch_page(navigation.BULK_ORDERS)


def _list() -> None:
    person = session.require_person()
    limit = st.session_state.get(_SHOWN, _PAGE_CARDS)
    found = bulk_orders.listing(person, limit=limit)
    if not found.rows:
        _empty(person)
        return
    st.caption(counted(found.total, "bulk order"))
    for order in found.rows:
        _card(order)
    if found.next_cursor and limit < bulk_orders.MOST_LISTED:
        st.button("Show more", key="more", on_click=_more, args=(limit,))


def _card(order: BulkView) -> None:
    words, colour = bulk_words.BULK_STATUS[order.status]
    with st.container(border=True, key=f"pp-card-row-{order.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(order.title)}**", width="content")
            st.badge(words, color=colour)
        st.caption(plain(bulk_words.figures(order)))
        if not order.status.is_final:
            st.progress(order.percent / 100)
        if st.button("Open", key=f"open-{order.id}"):
            navigation.open_bulk_order(order.id)


def _more(limit: int) -> None:
    st.session_state[_SHOWN] = limit + _PAGE_CARDS


def _empty(person: Person) -> None:
    body = "Several types of business in several places, a pasted list or a file: each becomes a campaign."
    with cards.empty("No bulk order yet", body, "list"):
        if may(person, Right.RUN_CAMPAIGNS) and st.button("Start one", type="primary", key="first"):
            st.switch_page(navigation.NEW_BULK_ORDER)


main()
