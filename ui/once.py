"""Forms that stay open when they have made something: of two fast clicks, the second one is carried out as well."""

from __future__ import annotations

import time

import streamlit as st

_MADE = "made_for_"
_FAST_S = 10.0


def is_made(form: str, *wish: object) -> bool:
    """Whether the form has made something for this very wish a moment ago."""
    of, at_s = st.session_state.get(_MADE + form, (None, 0.0))
    return bool(of == hash(wish)) and time.monotonic() - at_s < _FAST_S


def made(form: str, *wish: object) -> None:
    """The form has made something for this wish. Of the wish itself, which may hold a password, nothing is kept."""
    st.session_state[_MADE + form] = (hash(wish), time.monotonic())
