"""The part of My account about the second factor."""

from __future__ import annotations

import segno
import streamlit as st

from services import second_factor
from services.errors import Refused
from services.identity import Person
from services.second_factor import RECOVERY_CODES, Proposal, Ways
from ui import session, viewer_time
from ui.account_password import current_password, show

_PROPOSAL, _CODES = "second_factor_proposal", "recovery_codes_to_keep"
_QR_SCALE = 4


def panel(person: Person, ways: Ways) -> None:
    """Switching the second factor on and off."""
    st.header("Second factor", anchor=False)
    if _CODES in st.session_state:
        _codes_to_keep(st.session_state[_CODES])
    elif ways.factor_since is not None:
        _is_on(person, ways)
    elif not ways.has_password:
        st.markdown(
            "A second factor comes on top of a password, and you have none. “Forgot your password?”"
            " at the sign-in sets one."
        )
    elif isinstance(proposal := st.session_state.get(_PROPOSAL), Proposal):
        _set_up(person, proposal)
    else:
        st.markdown(
            "A code from an app on your phone, asked for after the password. Whoever learns your"
            " password cannot sign in"
            " with it alone."
        )
        st.button("Set up", key="factor-set-up", on_click=_propose)


def _propose() -> None:
    st.session_state[_PROPOSAL] = second_factor.propose(session.require_person())


def _set_up(person: Person, proposal: Proposal) -> None:
    st.markdown("1. Scan this with an authenticator app, or type the key into it.")
    # White around it in the dark, too: cameras need the edge.
    drawing = segno.make(proposal.uri, error="m").svg_inline(scale=_QR_SCALE, border=4, light="#fff")
    st.html(f'<div role="img" aria-label="The key as a QR code">{drawing}</div>')
    groups = (proposal.secret[at : at + 4] for at in range(0, len(proposal.secret), 4))
    st.code(" ".join(groups), language=None, wrap_lines=True)
    st.markdown("2. Type the code the app shows, and your password.")
    with st.form("switch-on-factor", border=False, enter_to_submit=False):
        code = _code("code_to_switch_on")
        current = current_password("current_for_factor")
        if st.form_submit_button("Switch on", type="primary"):
            try:
                st.session_state[_CODES] = second_factor.switch_on(person, proposal, code, current)
            except Refused as refused:
                show(refused)
            else:
                del st.session_state[_PROPOSAL]
                st.rerun()
    st.button("Not now", key="factor-not-now", type="tertiary", on_click=_forget, args=(_PROPOSAL,))


def _codes_to_keep(codes: tuple[str, ...]) -> None:
    st.success("The second factor is on.")
    st.markdown(
        f"**Keep these {RECOVERY_CODES} recovery codes where your phone is not.** Each signs you in"
        f" once in place of a code of"
        " the app. They are shown this one time."
    )
    st.code("\n".join(codes), language=None)
    st.button("I have kept them", key="codes-kept", type="primary", on_click=_forget, args=(_CODES,))


def _is_on(person: Person, ways: Ways) -> None:
    since = viewer_time.local(ways.factor_since) if ways.factor_since else None
    st.markdown(f"On since {since:%Y-%m-%d}. {ways.codes_left} of {RECOVERY_CODES} recovery codes are left.")
    with st.expander("Make new recovery codes"), st.form("new-codes", clear_on_submit=True, border=False):
        code = _code("code_for_new_codes")
        st.caption("Those you have now count no more.")
        if st.form_submit_button("Make new codes"):
            try:
                st.session_state[_CODES] = second_factor.new_codes(person, code)
            except Refused as refused:
                show(refused)
            else:
                st.rerun()
    with st.expander("Switch off"), st.form("switch-off-factor", clear_on_submit=True, border=False):
        code = _code("code_to_switch_off")
        current = current_password("current_to_switch_off")
        if st.form_submit_button("Switch off the second factor"):
            try:
                second_factor.switch_off(person, current, code)
            except Refused as refused:
                show(refused)
            else:
                st.rerun()


def _code(key: str) -> str:
    return st.text_input("Code", autocomplete="one-time-code", max_chars=40, key=key)


def _forget(key: str) -> None:
    st.session_state.pop(key, None)
