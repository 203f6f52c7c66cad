"""The bulk orders that run, on the Home page."""

from __future__ import annotations

import streamlit as st

from services import bulk_orders
from services.bulk_orders import BulkView
from services.identity import Person
from ui import bulk_words, navigation, session
from ui.text import plain

_LOOK_S = 5.0


def live(person: Person) -> bool:
    """Draw them, again every few seconds while there are any; returns whether there are."""
    found = bulk_orders.open_ones(person)
    if found:
        st.fragment(_live, run_every=_LOOK_S)([found])
    return bool(found)


def _live(read: list[tuple[BulkView, ...]]) -> None:
    # The first time the page has just read it.
    found = read.pop() if read else bulk_orders.open_ones(session.require_person())
    st.header("Bulk orders", anchor=False)
    for order in found:
        with st.container(border=True, key=f"pp-card-row-bulk-{order.id}", gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                query = {"bulk": str(order.id)}
                st.page_link(navigation.BULK_ORDERS, label=plain(order.title), query_params=query)
                words, colour = bulk_words.BULK_STATUS[order.status]
                st.badge(words, color=colour)
            st.caption(plain(bulk_words.figures(order)))
            st.progress(order.percent / 100)
