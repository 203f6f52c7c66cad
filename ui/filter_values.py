"""What is chosen of a filter of leads, in its widget and in the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services.lead_choices import Facet
from ui.filter_fields import Pick
from ui.format import number


def draw(column: DeltaGenerator, pick: Pick, facets: Mapping[str, Facet]) -> None:
    """Draw the choice, with how many leads each value would leave."""
    given: dict[str, Any] = {
        "key": pick.name,
        "placeholder": "Any",
        "help": pick.help,
        "format_func": _with_counts(pick, facets),
    }
    if pick.takes_several:
        column.multiselect(pick.label, pick.options, select_all=False, **given)
    else:
        column.selectbox(pick.label, pick.options, index=None, **given)


def _with_counts(pick: Pick, facets: Mapping[str, Facet]) -> Callable[[str], str]:
    def told(value: str) -> str:
        words = pick.words.get(value, value)
        facet = facets.get(pick.facet)
        if facet is None:
            return words
        count = facet.counts.get(pick.counted.get(value, value), 0)
        if facet.is_cut:
            return f"{words} · {number(count)}+" if count else words
        return f"{words} · {number(count)}"

    return told


def settle(pick: Pick) -> None:
    """A browser sends what stood in the list, with a count that may have changed since."""
    named = {pick.words.get(key, key): key for key in pick.asks}
    sent = [value if value in pick.asks else named.get(value.rpartition(" · ")[0]) for value in chosen(pick)]
    values = [value for value in dict.fromkeys(sent) if value is not None]
    st.session_state[pick.name] = values if pick.takes_several else next(iter(values), None)


def chosen(pick: Pick) -> list[str]:
    """The values that are chosen of a filter."""
    value = st.session_state[pick.name]
    if isinstance(value, str):
        return [value]
    return list(value or ())
