"""What came of an action, kept over the rerun that follows it and drawn once."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from services.errors import Refused
from ui.text import plain

_SAID = "what_came_of_it"


def after(act: Callable[[], None], done: str) -> bool:
    """Do something and keep for the next run that it is ``done``, or why not; returns whether it is."""
    try:
        act()
    except Refused as refused:
        st.session_state[_SAID] = (str(refused), False)
        return False
    keep(done)
    return True


def keep(done: str) -> None:
    """Keep for the next run that something is done."""
    st.session_state[_SAID] = (done, True)


def show() -> None:
    """Draw it, once."""
    said, is_done = st.session_state.pop(_SAID, (None, True))
    if said:
        (st.success if is_done else st.warning)(plain(said))
