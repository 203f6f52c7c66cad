"""Lists: customers, and whom campaigns leave out, from files that are checked before anything is kept."""

from __future__ import annotations

import streamlit as st

from services import lists
from services.permissions import Right
from ui import cards, list_cards, list_upload, session

_CAPTION = (
    "Upload a list of your customers, and their companies are marked in the book; of companies that no campaign may"
    " store or ask about; or of companies to look up. You see what a file holds before anything is kept."
)


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.KEEP_LISTS)
    cards.heading("Lists", _CAPTION)
    found = lists.newest(person)
    list_cards.waiting(person, found)
    with st.container(border=True, key="pp-card-upload"):
        list_upload.draw(person)
    list_cards.kept(person, found)


main()
