"""New bulk order: many campaigns at once, looked at and quoted before any of them starts."""

from __future__ import annotations

import streamlit as st

from services.permissions import Right
from ui import bulk_form, bulk_review, cards, navigation, session


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.RUN_CAMPAIGNS)
    navigation.mark_in_menu(navigation.BULK_ORDERS_PATH)
    st.page_link(navigation.BULK_ORDERS, label="← All bulk orders")
    cards.heading(
        "New bulk order",
        "Many campaigns at once, with one quote and one cap for all. You see what is wrong before anything starts.",
    )
    rows = bulk_form.rows()
    if not rows:
        st.caption("Say whom and where, and see here what would be ordered.")
        return
    with st.container(border=True, key="pp-card-bulk-review"):
        specs = bulk_review.chosen(person, rows)
        if specs:
            bulk_review.order(person, specs)


main()
