"""What came of an action, kept over the rerun that follows it and drawn once."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from services.errors import Refused
from ui.text import plain

_SAID = "what_came_of_it"


def after(act: Callable[[], object], done: str, place: str = "") -> bool:
    """Do something and keep for the next run that it is ``done``, or why not; returns whether it is. ``place`` names
    where that is drawn, when that is not the head of the page or panel."""
    try:
        act()
    except Refused as refused:
        keep_refusal(str(refused), place)
        return False
    keep(done, place)
    return True


def keep(done: str, place: str = "") -> None:
    """Keep for the next run that something is done."""
    st.session_state[_SAID + place] = (done, True)


def keep_refusal(why: str, place: str = "") -> None:
    """Keep for the next run why something was not done."""
    st.session_state[_SAID + place] = (why, False)


def show(place: str = "") -> None:
    """Draw it, once."""
    said, is_done = st.session_state.pop(_SAID + place, (None, True))
    if said:
        (st.success if is_done else st.warning)(plain(said))
