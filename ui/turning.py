"""Turning the pages of a list that is read from its newest row on: which cursors were passed, kept for the session."""

from __future__ import annotations

import streamlit as st


def passed(key: str, where: object) -> tuple[str, ...]:
    """The cursors of the pages before this one; another filter begins at the top."""
    kept, cursors = st.session_state.get(key, (where, ()))
    return cursors if kept == where else ()


def buttons(key: str, where: object, next_cursor: str | None) -> None:
    """Draw the ways to what is newer and older."""
    cursors = passed(key, where)
    with st.container(horizontal=True):
        if cursors:
            st.button("Newer", key="newer", on_click=_turn, args=(key, where, cursors[:-1]))
        if next_cursor:
            st.button("Older", key="older", on_click=_turn, args=(key, where, (*cursors, next_cursor)))


def _turn(key: str, where: object, cursors: tuple[str, ...]) -> None:
    st.session_state[key] = (where, cursors)
