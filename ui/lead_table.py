"""The table of leads and its pages: a click on a row opens the lead, a click on a head sorts every lead by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pipeline.campaign import MICROS_PER_USD
from pipeline.fields import DETAILS
from services.lead_rows import LeadRow
from services.results import LeadPage, LeadSort
from ui import address, figure_words, lead_filters, lead_panel
from ui.format import number
from ui.lead_sorts import WORDS, after_click, heading
from ui.words import EMAIL_STATUS, field_name

PAGE_ROWS = 50
_ROW_PX = 35
_MOST_ROWS_SHOWN = 15

_COLUMNS: dict[str, Any] = {
    "Name": {"width": 200},
    "Confidence": {"width": 120, "help": figure_words.CONFIDENCE},
    "Reach": {"width": 110, "help": figure_words.REACH},
    "Category": {"width": 110},
    "Phone": {"width": 130},
    "Website": {"width": 170},
    "E-mail": {"width": 210},
    "E-mail status": {"width": 130},
    "Address": {"width": 220},
    "City": {"width": 110},
    "Why empty": {"width": 320},
    "Cost": {"width": 90},
}


def table(page: LeadPage, sort: LeadSort, view_key: str) -> None:
    """Draw one page of leads."""
    rows_px = _ROW_PX * (min(len(page.rows), _MOST_ROWS_SHOWN) + 1) + 3
    key = f"leads_{view_key}"
    cells = _cells(page.rows)
    st.dataframe(
        cells,
        column_config=_columns(cells, sort),
        hide_index=True,
        height=rows_px,
        on_select=lambda: _clicked(key, [row.id.hex for row in page.rows], sort),
        selection_mode=["single-cell", "single-column"],
        placeholder="–",
        key=key,
        alt="Leads, one per row",
    )


def _clicked(key: str, leads: Sequence[str], sort: LeadSort) -> None:
    """A callback: open the lead of a row, or sort by a column."""
    selection = st.session_state[key]["selection"]
    for row, _column in selection["cells"]:
        if row < len(leads):
            lead_panel.open_lead(leads[row], table_key=key)
    for column in selection["columns"]:
        st.session_state[lead_filters.SORT] = WORDS[after_click(column, sort)]


def page_number() -> int:
    """Which page the address asks for, counted from 1; anything that is no such number is the first."""
    text = st.query_params.get(lead_filters.PAGE, "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 5 else 1


def pager(page: LeadPage, here: int) -> None:
    """Draw which leads these are of how many, and the way to the others."""
    start = (here - 1) * PAGE_ROWS
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{number(start + 1)}–{number(start + len(page.rows))} of {number(page.matching)}")
        with st.container(horizontal=True, width="content"):
            if here > 1:
                st.button("Previous", key="previous", on_click=turn_to, args=(here - 1,))
            if page.next_cursor:
                st.button("Next", key="next", on_click=turn_to, args=(here + 1,))


def turn_to(number: int) -> None:
    """A callback: show another page; the first one needs no mention in the address."""
    address.write({lead_filters.PAGE: [str(number)] if number > 1 else []})


def _columns(cells: Sequence[dict[str, object]], sort: LeadSort) -> dict[str, Any]:
    """How each column looks; only fields that sources added have no width of their own."""
    made: dict[str, Any] = {}
    for name in cells[0]:
        common = {"label": heading(name, sort), **_COLUMNS.get(name, {})}
        if name in ("Confidence", "Reach"):
            made[name] = st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d", **common)
        elif name == "Website":
            made[name] = st.column_config.LinkColumn(display_text=r"^https?://(?:www\.)?([^/]+)", **common)
        elif name == "Cost":
            made[name] = st.column_config.NumberColumn(format="$%.4f", **common)
        else:
            made[name] = st.column_config.TextColumn(**common)
    return made


def _cells(rows: Sequence[LeadRow]) -> list[dict[str, object]]:
    shown = [
        field.name for field in DETAILS if field.is_listed and any(field.name in row.details for row in rows)
    ]
    return [
        {
            "Name": row.name,
            "Confidence": row.confidence,
            "Reach": row.reach,
            "Category": row.category_label,
            "E-mail": row.email,
            "E-mail status": EMAIL_STATUS[row.email_status],
            "Phone": row.phone,
            "Website": row.website,
            "City": row.city,
            "Address": row.address,
            **{field_name(name): row.details.get(name) for name in shown},
            "Why empty": row.why_empty,
            "Sources": ", ".join(row.sources),
            "Cost": row.cost_micros / MICROS_PER_USD,
        }
        for row in rows
    ]
