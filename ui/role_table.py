"""What each role may do, as a table for people."""

from __future__ import annotations

import streamlit as st

from services import permissions
from services.permissions import Standing


def draw() -> None:
    """Draw it."""
    heads = ("", *(each.value.capitalize() for each in Standing))
    rows = permissions.in_a_table()
    st.dataframe(
        {head or "Right": [row[place] for row in rows] for place, head in enumerate(heads)},
        column_config={"Right": st.column_config.TextColumn(width="large")},
        hide_index=True,
        key="role_table",
        alt="What each role may do, one right per row",
    )
    st.caption(
        "An administrator looks after the whole installation and sees nobody's leads. Which role a person has is"
        " said for each workspace."
    )
