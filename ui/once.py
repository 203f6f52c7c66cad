"""A double click is one wish: what was done a moment ago is not done again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from time import monotonic

import streamlit as st

_DONE = "done_a_moment_ago"
MOMENT_S = 3.0
"""How long the same wish counts as a double click; our own choice, longer than a page of a slow server takes."""


def once(wish: object, act: Callable[[], object]) -> bool:
    """Do ``act``, unless the very same ``wish`` was fulfilled a moment ago: a second click may arrive before the
    browser shows what the first one did. Returns whether it was done now; an ``act`` that raises fulfils nothing.
    """
    # A wish may hold a password, and the session keeps what it is compared with.
    mark = hashlib.sha256(repr(wish).encode(errors="backslashreplace")).hexdigest()
    done, at_s = st.session_state.get(_DONE, ("", 0.0))
    if done == mark and monotonic() - at_s < MOMENT_S:
        return False
    act()
    st.session_state[_DONE] = (mark, monotonic())
    return True


def forget() -> None:
    """What was done was taken back: the same wish is another one."""
    st.session_state.pop(_DONE, None)
