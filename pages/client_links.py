"""Client links: pages that clients read without an account, what was seen of them, and closing them."""

from __future__ import annotations

import streamlit as st

from services import client_links
from services.permissions import Right
from ui import cards, client_link_cards, navigation, question, said, session

_CAPTION = "Pages that clients open without an account: some leads, to read only, for as long as you say."


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.EXPORT_LEADS)
    cards.heading("Client links", _CAPTION)
    said.show()
    question.draw()
    rows = client_links.listing(person)
    if not rows:
        with cards.empty(
            "No links yet", "Make one with Share, beside the leads of a campaign or all leads.", "list"
        ):
            if st.button("Go to the leads", type="primary", key="to_leads"):
                st.switch_page(navigation.LEADS)
        return
    for row in rows:
        client_link_cards.card(person, row)


main()
