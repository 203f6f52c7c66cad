"""The table of leads and its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pipeline.campaign import MICROS_PER_USD
from services.results import LeadPage, LeadRow
from ui.format import number
from ui.words import EMAIL_STATUS, field_name

PAGE_ROWS = 50
_ROW_PX = 35
_MOST_ROWS_SHOWN = 12
_CURSORS = "results_cursors"

_COLUMNS: dict[str, Any] = {
    "Name": st.column_config.TextColumn(width="medium"),
    "E-mail": st.column_config.TextColumn(width="medium"),
    "Confidence": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d", width="small"),
    "Category": st.column_config.TextColumn(width="small"),
    "Website": st.column_config.LinkColumn(display_text=r"^https?://(?:www\.)?([^/]+)", width="medium"),
    "Address": st.column_config.TextColumn(width="medium"),
    "Cost": st.column_config.NumberColumn(format="$%.4f", width="small"),
    "Why empty": st.column_config.TextColumn(width="large"),
}


def table(page: LeadPage, view_key: str) -> LeadRow | None:
    """Draw one page of leads; returns the row the person selected."""
    rows_px = _ROW_PX * (min(len(page.rows), _MOST_ROWS_SHOWN) + 1) + 3
    state = st.dataframe(
        _cells(page.rows),
        column_config=_COLUMNS,
        hide_index=True,
        height=rows_px,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        key=f"leads_{view_key}",
        alt="Leads, one per row",
    )
    chosen = [index for index in state["selection"]["rows"] if index < len(page.rows)]
    return page.rows[chosen[0]] if chosen else None


def cursor(view_key: str) -> str | None:
    """Where the page being looked at begins; another filter or sort begins at the first page."""
    view, cursors = st.session_state.get(_CURSORS, ("", ()))
    return cursors[-1] if view == view_key and cursors else None


def pager(page: LeadPage, view_key: str) -> None:
    """Draw which leads these are of how many, and the way to the others."""
    view, cursors = st.session_state.get(_CURSORS, ("", ()))
    seen: tuple[str, ...] = cursors if view == view_key else ()
    start = len(seen) * PAGE_ROWS
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{number(start + 1)}–{number(start + len(page.rows))} of {number(page.matching)}")
        with st.container(horizontal=True, width="content"):
            if seen:
                st.button("Previous", key="previous", on_click=_turn, args=(view_key, seen[:-1]))
            if page.next_cursor:
                st.button("Next", key="next", on_click=_turn, args=(view_key, (*seen, page.next_cursor)))


def _turn(view_key: str, cursors: tuple[str, ...]) -> None:
    st.session_state[_CURSORS] = (view_key, cursors)


def _cells(rows: Sequence[LeadRow]) -> list[dict[str, object]]:
    shown = dict.fromkeys(name for row in rows for name in row.details)
    return [
        {
            "Name": row.name,
            "Confidence": row.confidence,
            "Category": row.category_label,
            "Phone": row.phone,
            "Website": row.website,
            "E-mail": row.email,
            "E-mail status": EMAIL_STATUS[row.email_status],
            "Address": row.address,
            "City": row.city,
            **{field_name(name): row.details.get(name) for name in shown},
            "Why empty": row.why_empty,
            "Sources": ", ".join(row.sources),
            "Cost": row.cost_micros / MICROS_PER_USD,
        }
        for row in rows
    ]
