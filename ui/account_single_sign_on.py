"""The part of My account about the other site people sign in by."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from services import single_sign_on
from services.errors import Refused
from services.identity import Person
from services.second_factor import Ways
from ui import viewer_time
from ui.account_password import current_password, show
from ui.text import plain


def panel(person: Person, ways: Ways) -> None:
    """Connecting the account and parting it again."""
    name = single_sign_on.name()
    st.header(plain(name), anchor=False)
    since = single_sign_on.connected_since(person)
    if since is None:
        st.markdown(f"Sign in by {plain(name)} instead of typing a password.")
        key = quote(single_sign_on.connect_key(person), safe="")
        st.html(f'<a class="pp-button" href="/oidc/start?next=%2Faccount&connect={key}">Connect</a>')
        return
    st.markdown(f"Connected since {viewer_time.local(since):%Y-%m-%d}.")
    if not ways.has_password:
        return
    with st.expander("Disconnect"), st.form("disconnect", clear_on_submit=True, border=False):
        current = current_password("current_to_disconnect")
        if st.form_submit_button("Disconnect"):
            try:
                single_sign_on.disconnect(person, current)
            except Refused as refused:
                show(refused)
            else:
                st.rerun()
