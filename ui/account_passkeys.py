"""The part of My account about passkeys."""

from __future__ import annotations

import streamlit as st

from services import passkeys
from services.errors import Refused
from services.identity import Person
from services.passkeys import Passkey
from services.second_factor import Ways
from ui import viewer_time
from ui.account_password import current_password, show
from ui.text import plain


def panel(person: Person, ways: Ways) -> None:
    """The list of passkeys, and the way to add one."""
    st.header("Passkeys", anchor=False)
    st.markdown(
        "Sign in with a fingerprint, face or PIN of your device, or with a security key. A passkey"
        " stands for password and"
        " code together."
    )
    found = passkeys.all_of(person)
    for each in found:
        _passkey(person, each)
    if ways.has_password:
        st.html('<a class="pp-button" href="/passkeys/new" target="_self">Add a passkey</a>')
    elif not found:
        st.caption("Adding one takes a password. “Forgot your password?” at the sign-in sets one.")


def _passkey(person: Person, one: Passkey) -> None:
    used = f"{viewer_time.local(one.last_used_at):%Y-%m-%d %H:%M}" if one.last_used_at else "never"
    with st.expander(f"{plain(one.name)} · last used {used}", key=f"pp-passkey-{one.id}"):
        st.caption(
            f"Added {viewer_time.local(one.created_at):%Y-%m-%d %H:%M}. Once removed, it opens nothing."
        )
        with st.form(f"remove-{one.id}", clear_on_submit=True, border=False):
            current = current_password(f"current_to_remove_{one.id}")
            if st.form_submit_button("Remove this passkey"):
                try:
                    passkeys.remove(person, one.id, current)
                except Refused as refused:
                    show(refused)
                else:
                    st.rerun()
