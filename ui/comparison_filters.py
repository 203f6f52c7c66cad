"""Which differences of two runs are looked at: new, gone or changed, and which value; both stand in the address."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services.comparing import Comparison, Show
from services.comparison_export import LABELS
from ui import address, lead_filters
from ui.format import number
from ui.words import DIFFERENCE

_SHOW, _VALUE = "differences", "value"


def wanted(one: UUID, other: UUID) -> tuple[Show | None, str | None]:
    """What the address or the widgets ask for; None where nothing was chosen."""
    readers = {_SHOW: address.choice(list(Show)), _VALUE: address.choice(list(LABELS))}
    address.seed(readers, subject=f"{one}-{other}")
    show = st.session_state[_SHOW]
    return Show(show) if show else None, st.session_state[_VALUE]


def draw(found: Comparison) -> None:
    """Draw the choice, with how many there are of each."""
    counts = {Show.NEW: found.counts.new, Show.GONE: found.counts.gone, Show.CHANGED: found.counts.changed}
    if st.session_state[_SHOW] is None:
        st.session_state[_SHOW] = found.show.value
    st.segmented_control(
        "Differences",
        list(Show),
        format_func=lambda show: f"{DIFFERENCE[Show(show)]} {number(counts[Show(show)])}",
        key=_SHOW,
        required=True,
        help="Companies are told apart as the lead book does: by their records, names, addresses and numbers.",
    )
    if found.show is Show.CHANGED and found.counts.values:
        values = [name for name in LABELS if name in found.counts.values]
        if st.session_state[_VALUE] not in values:
            st.session_state[_VALUE] = None
        st.selectbox(
            "Which value",
            values,
            index=None,
            key=_VALUE,
            format_func=lambda name: f"{LABELS[name]} ({number(found.counts.values[name])})",
            placeholder="Any",
        )
    chosen = {name: st.session_state.get(name) for name in (_SHOW, _VALUE)}
    if chosen[_SHOW] != Show.CHANGED:
        chosen[_VALUE] = None
    address.write(
        {name: [str(value)] if value else [] for name, value in chosen.items()}, outdates=[lead_filters.PAGE]
    )
