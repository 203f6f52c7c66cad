"""API keys: made, shown once, listed, revoked."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import streamlit as st

from pipeline.money.amounts import money
from services import api_keys, limits
from services.api_keys import IN_WORDS, MOST_DAYS, KeyView, Scope
from services.errors import Refused
from services.identity import KEY_VARIABLE, Person
from ui import cards, once, refused, session, viewer_time
from ui.text import plain, someone

_NEW, _WRONG = "new_key", "key_errors"


def main() -> None:
    """Draw the page."""
    person = session.require_account()
    cards.heading("API keys", "For programs that act for you, in the workspace you work in now.")
    with st.container(border=True, key="pp-card-new-key"):
        _form()
    if key := st.session_state.get(_NEW):
        _shown_once(key)
    _list(person)


def _form() -> None:
    st.header("New key", anchor=False)
    wrong = st.session_state.get(_WRONG, {})
    with st.form("new-key", border=False):
        st.text_input("What it is for", key="key_name", max_chars=60, placeholder="Nightly import")
        refused.below(wrong, "name")
        st.radio("Scope", list(Scope), key="key_scope", format_func=lambda scope: IN_WORDS[scope])
        st.number_input("Days it is good for", 1, MOST_DAYS, 90, key="key_days")
        refused.below(wrong, "days")
        st.number_input(
            "Limit of all it orders, US dollars",
            0.0,
            float(limits.MAX_LIMIT_USD),
            None,
            step=1.0,
            key="key_limit",
            placeholder="As much as you may spend",
            help="What its campaigns cost together, those that run at their full budget. It cannot be changed later.",
        )
        refused.below(wrong, "amount_usd")
        st.form_submit_button("Create key", type="primary", on_click=_create)
    refused.below(wrong)


def _create() -> None:
    state = st.session_state
    wanted = state["key_name"], state["key_scope"], state["key_days"], _amount(state["key_limit"])
    try:
        person = session.require_person()
        state[_NEW] = once.once(("api key", *wanted), lambda: api_keys.create(person, *wanted))
        state[_WRONG] = {}
    except Refused as error:
        state.pop(_NEW, None)
        state[_WRONG] = refused.sentences(error)


def _shown_once(key: str) -> None:
    with st.container(border=True, key="pp-card-key"):
        st.success("This is the new key. Copy it now: it is not shown again.")
        st.code(key, language=None, wrap_lines=True)
        st.caption(f"Commands take it from the environment variable {KEY_VARIABLE}.")
        st.button("I have copied it", on_click=lambda: st.session_state.pop(_NEW, None))


def _list(person: Person) -> None:
    keys = api_keys.listing(person)
    if not keys:
        cards.empty("No keys yet", "A key lets a program order campaigns and read leads for you.", "lock")
        return
    st.header("Keys", anchor=False)
    for key in keys:
        _row(key)


def _row(key: KeyView) -> None:
    with (
        st.container(border=True, key=f"pp-card-key-{key.id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        st.markdown(f"**{plain(key.name)}**  \n{someone(_facts(key))}")
        st.button("Revoke", key=f"revoke-{key.id}", on_click=_revoke, args=(key.id,))


def _facts(key: KeyView) -> str:
    used = viewer_time.to_the_second(key.last_used_at) if key.last_used_at else "never"
    ends = "Expired" if key.is_expired else "Good until"
    whose = "" if key.is_own else f"{key.email} · "
    if key.limit_micros is not None:
        ends = f"Ordered {money(key.ordered_micros)} of {money(key.limit_micros)} · {ends}"
    return f"{whose}{key.scope.capitalize()} · {ends} {viewer_time.local(key.expires_at):%Y-%m-%d} · Last used {used}"


def _amount(typed: float | None) -> Decimal | None:
    return None if typed is None else Decimal(str(typed))


def _revoke(key_id: UUID) -> None:
    try:
        api_keys.revoke(session.require_person(), key_id)
        st.toast("Revoked. Programs that use it are refused from now on.")
    except Refused as error:
        st.toast(plain(str(error)))


main()
