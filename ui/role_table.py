"""What each role may do, as a table for people that fits a phone."""

from __future__ import annotations

import streamlit as st

from services import billing, permissions
from services.permissions import Standing
from ui.text import plain


def draw() -> None:
    """Draw it."""
    rows = [
        f"| {plain(words)} | {_who(cells)} |"
        for words, *cells in permissions.in_a_table(with_plans=billing.is_on())
    ]
    st.markdown("\n".join(("| What | Who may |", "|---|---|", *rows)))
    st.caption(
        "A person may have another role in each workspace. An administrator looks after the whole installation and sees"
        " nobody's leads."
    )


def _who(cells: list[str]) -> str:
    return ", ".join(each.capitalize() for each, cell in zip(Standing, cells, strict=True) if cell)
