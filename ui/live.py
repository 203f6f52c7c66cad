"""Parts of a page that are drawn anew by themselves. While the database does not answer they stay as they were, with a
word that says so: nobody takes old figures for new ones, and nothing that was chosen is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import TypeVar

import streamlit as st

from pipeline import events
from services.errors import DATABASE_AWAY
from ui import failure
from ui.viewer_time import to_the_second

_LOG = logging.getLogger(__name__)
_Read = TypeVar("_Read")


def part(
    name: str,
    every_s: float,
    read: Callable[[], _Read],
    draw: Callable[[_Read], None],
    *,
    of: Hashable = None,
) -> None:
    """Have ``draw`` draw what ``read`` brings, again every few seconds. ``name`` tells parts apart; what was read of
    something else than ``of`` is nothing to fall back to."""
    st.fragment(_drawn, run_every=every_s)(name, of, read, draw)


def _drawn(name: str, of: Hashable, read: Callable[[], _Read], draw: Callable[[_Read], None]) -> None:
    key = f"live_{name}"
    try:
        found = read()
    except DATABASE_AWAY as error:
        last = st.session_state.get(key)
        if last is None or last[0] != of:
            failure.away(error)
            return
        _, found, at = last
        events.warning(_LOG, "page_reconnects", reason=type(error).__name__)
        draw(found)
        # Last, and laid over the page by the style sheet: everything stays where it is.
        with st.container(key=f"pp-reconnecting-{name}"):
            st.warning(f"**Reconnecting …** What you see is of {to_the_second(at)}.")
        return
    st.session_state[key] = (of, found, datetime.now(UTC))
    draw(found)
