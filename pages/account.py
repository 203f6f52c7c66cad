"""My account: how a person signs in, and where they are signed in."""

from __future__ import annotations

import streamlit as st

from services import second_factor, single_sign_on
from ui import (
    account_passkeys,
    account_password,
    account_second_factor,
    account_sessions,
    account_single_sign_on,
    cards,
    session,
)


def main() -> None:
    """Draw the page."""
    person = session.require_account()
    cards.heading("My account", "How you sign in, and where you are signed in.")
    ways = second_factor.ways(person)
    with st.container(border=True, key="pp-card-email"):
        account_password.email(person, ways)
    with st.container(border=True, key="pp-card-password"):
        account_password.password(person, ways)
    with st.container(border=True, key="pp-card-factor"):
        account_second_factor.panel(person, ways)
    with st.container(border=True, key="pp-card-passkeys"):
        account_passkeys.panel(person, ways)
    if single_sign_on.is_on():
        with st.container(border=True, key="pp-card-sign-on"):
            account_single_sign_on.panel(person, ways)
    with st.container(border=True, key="pp-card-sessions"):
        account_sessions.sessions(person)


main()
