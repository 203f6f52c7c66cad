"""The fields of an order for what only some sources state: a rating, reviews, a year of founding, sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.order_limits import in_range
from pipeline.scoring.demands import DEMANDS
from pipeline.words.register_tags import SIZES
from services import providers
from ui.text import plain

_CAPTION = (
    "Ratings come from {raters} alone, and the order costs no more for them; years and sizes from registers of"
    " companies in the {registers}. Businesses of which no source states what you ask for are left out."
)


def demands(
    keys: Mapping[str, str], changed: Callable[[str], None] | None = None, *, is_open: bool = False
) -> tuple[dict[str, Any], dict[str, DeltaGenerator]]:
    """Draw them, each under its key; returns what they hold by the fields of an order, and the place below each for
    what there is to say of it. ``changed`` is told the field somebody changed. Closed until one is used, unless
    ``is_open``."""
    is_used = is_open or any(st.session_state.get(keys[name]) for name in DEMANDS)
    values: dict[str, Any] = {}
    notes: dict[str, DeltaGenerator] = {}
    with st.expander("Rating, founding and size", expanded=is_used):
        for pair in (("min_rating", "min_reviews"), ("founded_since", "company_sizes")):
            for name, column in zip(pair, st.columns(2), strict=True):
                with column:
                    values[name] = _field(name, keys[name], changed)
                    notes[name] = st.empty()
        raters, registers = providers.who_states("rating"), providers.who_states("founded")
        st.caption(plain(_CAPTION.format(raters=raters, registers=registers.lower())))
    return values, notes


def _field(name: str, key: str, changed: Callable[[str], None] | None) -> Any:  # noqa: ANN401 - what the widget holds
    demand = DEMANDS[name]
    stated = f"Only {providers.who_states(demand.fact)} states it."
    usual: dict[str, Any] = {"key": key, "on_change": changed, "args": (name,) if changed else None}
    if name == "company_sizes":
        return st.pills(
            demand.label, SIZES, selection_mode="multi", format_func=str.capitalize, help=stated, **usual
        )
    step, shape, bounds = {
        "min_rating": (0.5, "%.1f", f"Stars, {in_range(name)} in steps of a half."),
        "min_reviews": (1, "%d", "On the same record as the rating."),
        "founded_since": (1, "%d", "A year, such as 2015."),
    }[name]
    return st.number_input(
        demand.label,
        value=None,
        step=step,
        format=shape,
        placeholder="Any",
        help=f"{bounds} {stated}",
        **usual,
    )
