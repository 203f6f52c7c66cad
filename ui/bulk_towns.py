"""The places of a bulk order, and the towns of a country, state or county to tick."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from services import towns
from services.errors import Refused
from services.towns import Town
from ui.format import counted, number
from ui.text import plain

PLACES, _WIDE, _LEAST = "bulk_places", "bulk_wide", "bulk_least"


def chosen(known: Sequence[str]) -> list[str]:
    """Draw the places; returns those that are chosen."""
    places: list[str] = st.multiselect(
        "Places",
        known,
        key=PLACES,
        accept_new_options=True,
        select_all=False,
        filter_mode="contains",
        placeholder="Helsinki, Espoo …",
        help="Pick places, or type them.",
    )
    with st.expander("All towns of a country, state or county", key="bulk_towns"):
        _wide()
    return places


def _wide() -> None:
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    wide = left.text_input(
        "Country, state or county", key=_WIDE, max_chars=100, placeholder="Finland, Texas …"
    )
    least = right.number_input("Businesses known, at least", 0, value=1, step=10, key=_LEAST)
    if not wide or not wide.strip():
        return
    try:
        found = [town for town in _known(wide) if town.businesses >= least]
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    shown = [{"Take": True, "Town": town.label, "Businesses known": town.businesses} for town in found]
    ticked = st.data_editor(
        shown,
        key=f"bulk_ticks-{wide}-{least}",
        hide_index=True,
        width="stretch",
        disabled=["Town", "Businesses known"],
    )
    taken = [town for town, row in zip(found, ticked, strict=True) if row["Take"]]
    total = number(sum(town.businesses for town in taken))
    st.caption(f"{counted(len(taken), 'town')}, {total} businesses known at the last import.")
    st.button("Add these towns", key="bulk_add_towns", on_click=_add, args=([town.label for town in taken],))


def _add(labels: Sequence[str]) -> None:
    places = st.session_state.get(PLACES) or []
    st.session_state[PLACES] = list(dict.fromkeys([*places, *labels]))


@st.cache_data(ttl=60, max_entries=20, show_spinner=False)
def _known(wide: str) -> Sequence[Town]:
    return towns.within(wide)
