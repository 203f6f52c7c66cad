"""The filter by the days on which companies last left in a file, in the address and as two fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import address
from ui.viewer_time import DAY_TYPED, midnight

FROM, UNTIL = "taken_from", "taken_until"
READERS: Mapping[str, Callable[[Sequence[str]], object]] = {FROM: address.day, UNTIL: address.day}
LABELS = {FROM: "Last exported from", UNTIL: "Last exported until"}
"""What the fields are called."""


def draw(columns: Iterable[DeltaGenerator]) -> None:
    """Draw the fields."""
    for column, (name, label) in zip(columns, LABELS.items(), strict=True):
        column.date_input(
            label,
            value=None,
            min_value=address.EARLIEST,
            max_value=address.LATEST,
            key=name,
            format=DAY_TYPED,
        )


def narrowed(asked: Mapping[str, object]) -> dict[str, object]:
    """What other filters ask for, with the days that were chosen as well, the last one to its end."""
    since, until = st.session_state[FROM], st.session_state[UNTIL]
    both = {
        "exported_since": [asked.get("exported_since"), midnight(since) if since else None],
        "exported_before": [asked.get("exported_before"), midnight(until, 1) if until else None],
    }
    tightest = {"exported_since": max, "exported_before": min}
    moments = {name: [each for each in given if isinstance(each, datetime)] for name, given in both.items()}
    return {**asked, **{name: tightest[name](given) for name, given in moments.items() if given}}


def as_address() -> dict[str, list[str]]:
    """The days as the address has them."""
    chosen = {name: st.session_state[name] for name in LABELS}
    return {name: [day.isoformat()] if day else [] for name, day in chosen.items()}
