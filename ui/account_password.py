"""The parts of My account that ask for the password once more: another password, another address."""

from __future__ import annotations

import streamlit as st

from pipeline.output.notices import counted
from services import notifying, own_account
from services.errors import Invalid, Refused
from services.identity import Person
from services.second_factor import Ways
from ui.text import plain, someone


def password(person: Person, ways: Ways) -> None:
    """The form for another password."""
    st.header("Password", anchor=False)
    if not ways.has_password:
        st.markdown("You have no password. “Forgot your password?” at the sign-in sets one.")
        return
    with st.form("change-password", clear_on_submit=True, border=False):
        current = current_password("current_for_password")
        new = st.text_input(
            "New password", type="password", autocomplete="new-password", max_chars=1000, key="new_password"
        )
        st.caption("At least 8 characters. All other sessions end when you change it.")
        if st.form_submit_button("Change password", type="primary"):
            _change_password(person, current, new)


def email(person: Person, ways: Ways) -> None:
    """The form for another address."""
    st.header("E-mail", anchor=False)
    st.text(f"You sign in with {person.email}.")
    if not ways.has_password:
        return
    with st.form("change-email", border=False, enter_to_submit=False):
        new = st.text_input("New e-mail", type="email", autocomplete="email", max_chars=320, key="new_email")
        current = current_password("current_for_email")
        st.caption(
            "We send a link to the new address; it counts once you have opened it."
            if notifying.are_on()
            else "This installation has no mail server, so the new address counts at once."
        )
        if st.form_submit_button("Change e-mail"):
            _change_email(person, current, new)


def current_password(key: str) -> str:
    """The field for the password one has."""
    return st.text_input(
        "Current password", type="password", autocomplete="current-password", max_chars=1000, key=key
    )


def show(refused: Refused) -> None:
    """What is wrong with what was typed."""
    said = (
        " ".join(refused.fields.values()) if isinstance(refused, Invalid) and refused.fields else str(refused)
    )
    st.error(plain(said))


def _change_password(person: Person, current: str, new: str) -> None:
    try:
        ended = own_account.change_password(person, current, new)
    except Refused as refused:
        show(refused)
        return
    others = f" {counted(ended, 'other session')} ended." if ended else ""
    st.success(f"Your password is changed.{others}")


def _change_email(person: Person, current: str, new: str) -> None:
    try:
        change = own_account.change_email(person, current, new)
    except Refused as refused:
        show(refused)
        return
    if change.counts_now:
        st.success(someone(f"From now on you sign in with {change.email}."))
    else:
        st.success(
            someone(f"We sent a link to {change.email}. Open it within a day; until then nothing changes.")
        )
