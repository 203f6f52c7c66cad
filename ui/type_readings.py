"""How each typed type of business was understood, and everything else it may mean, a click each."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignSpec
from pipeline.words.understanding import How
from services import understanding
from services.understanding import Reading
from ui import draft
from ui.text import plain


def draw(spec: CampaignSpec) -> None:
    """A line a type, with its alternatives below."""
    for number, reading in enumerate(understanding.readings(spec)):
        if reading.problem:
            st.warning(plain(reading.problem))
        else:
            st.caption(plain(reading.told))
        _alternatives(number, reading)


def _alternatives(number: int, reading: Reading) -> None:
    found = reading.understood
    if reading.offers and not reading.problem:
        st.caption("Look for one of these instead:")
    with st.container(horizontal=True, key=f"pp-type-{number}"):
        for place, offer in enumerate(reading.offers):
            known = "" if offer.known is None else f", {offer.known:,} known"
            st.button(
                plain(f"{offer.label}{known}"),
                key=f"type_{number}_{place}",
                on_click=draft.take_type,
                args=(found.typed, offer.label),
            )
        if found.how is How.UNKNOWN:
            st.button(
                plain(f"Search names for “{found.typed}”"),
                key=f"type_{number}_names",
                on_click=draft.search_names,
                args=(found.typed,),
            )
        if found.place and reading.problem:
            st.button(
                plain(f"Look in {found.place}"),
                key=f"type_{number}_place",
                on_click=draft.look_in,
                args=(found.typed, found.bare, found.place),
            )
