"""One provider as administrators see it."""

from __future__ import annotations

import streamlit as st

from services.providers import ProviderRow
from ui import provider_keys
from ui.format import ago, counted, money
from ui.text import plain
from ui.viewer_time import local
from ui.words import PROVIDER_STATE


def draw(row: ProviderRow) -> None:
    """Draw how it is, what it did today, and its key."""
    words, colour = PROVIDER_STATE[row.state]
    with st.container(border=True, key=f"pp-card-row-{row.label.replace(' ', '-')}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.label)}**", width="content")
            if row.missing:
                st.badge("Not set up", color="gray")
            else:
                st.badge(words, color=colour)
        st.caption(plain(row.help))
        if row.missing:
            st.caption(plain(_what_is_missing(row)))
        else:
            _how_it_does(row)
        if {setting.name for setting in row.keys}.issuperset(row.missing):
            provider_keys.draw(row)


def _what_is_missing(row: ProviderRow) -> str:
    names = " and ".join(row.missing)
    if row.key_of:
        return f"It takes the key of {row.key_of}."
    if {setting.name for setting in row.keys}.issuperset(row.missing):
        return f"Set its key here, or set {names} and start the installation again."
    return f"Set {names} and start the installation again."


def _how_it_does(row: ProviderRow) -> None:
    if row.since:
        st.caption(plain(f"{row.message.rstrip('.')} · {ago(local(row.since))}"))
    today = f"{counted(row.calls_today, 'call')}, {money(row.spent_today_micros)} today"
    prices = f" · {', '.join(row.prices)}" if row.prices else " · free"
    st.caption(plain(f"{today}{prices} · at most {row.limits} for everybody together"))
