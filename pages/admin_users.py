"""Users: all accounts of the installation; for administrators."""

from __future__ import annotations

import streamlit as st

from services import administration
from services.permissions import Right
from ui import accounts, billing_cards, cards, question, session

_PAGE = 25
_SHOWN = "accounts_shown"


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.MANAGE_USERS)
    cards.heading("Users", "Everybody who has an account in this installation.")
    accounts.link()
    accounts.new()
    billing_cards.everybody(person)
    find = st.text_input("Search", key="find", max_chars=254, placeholder="E-mail", bind="query-params") or ""
    page = administration.listing(person, find, limit=st.session_state.get(_SHOWN, _PAGE))
    if not page.rows:
        cards.empty("No account matches", "Try another part of the address.", "filter")
    for account in page.rows:
        accounts.card(person, account)
    if page.next_cursor:
        st.button("Show more", key="more", on_click=_more)
    question.draw()
    accounts.deletion(person)


def _more() -> None:
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, _PAGE) + _PAGE


main()
