"""What a new campaign asks about every company in plain words."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.qualification.criteria import MOST_CRITERIA, Importance
from services import providers
from ui.draft_address import KEYS
from ui.text import plain

_EXAMPLES = [
    "Sells to restaurants",
    "Has its own kitchen",
    "Hiring",
    "Delivers",
    "Family run",
    "Has an online shop",
]
_HELP = {
    Importance.MUST_HAVE: "Counts most. Where the website says no, nothing is paid for looking the company up.",
    Importance.NICE_TO_HAVE: "Counts a little, and rules nobody out.",
    Importance.MUST_NOT: "Counts most. Where the website says yes, nothing is paid for looking the company up.",
}


def criteria(notes: dict[str, DeltaGenerator]) -> None:
    """Draw a field for each importance; below each a place in ``notes`` for what is wrong with it."""
    st.header("What should their websites say? (optional)", anchor=False)
    for importance in Importance:
        st.multiselect(
            importance.label,
            _EXAMPLES,
            key=KEYS[importance.value],
            accept_new_options=True,
            select_all=False,
            placeholder="Such as: has its own kitchen",
            help=_HELP[importance],
        )
        notes[importance.value] = st.empty()
    st.caption(plain(f"{providers.how_qualified()} At most {MOST_CRITERIA} in all."))
