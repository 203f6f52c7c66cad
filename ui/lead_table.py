"""A table of leads: a click on a row opens the lead, a click on a head sorts every lead by it, and ticks are kept from
page to page. Which columns there are is for the list to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from services.results import LeadFilter, LeadPage, LeadSort
from ui import address, lead_filters, lead_panel, lead_ticks
from ui.format import number, ranged
from ui.lead_sorts import after_click, heading

PAGE_ROWS = 50
_ROW_PX = 35
_MOST_ROWS_SHOWN = 15
_NOTHING: Mapping[str, Sequence[Any]] = {"rows": [], "columns": [], "cells": []}
_MARKED = "marked_rows"
_WEB_HOST = r"^https?://(?:www\.)?([^/]+)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a table shows: ids and cells of its rows, its columns by name, its order.

    ``words`` are the orders as the address has them, ``opens`` is the name of an open row there. ``view`` is the list
    with its filters, to which ticks belong; without ``has_ticks`` nobody can tick rows, as there is nothing to do with
    them.
    """

    ids: Sequence[UUID]
    cells: Sequence[Mapping[str, object]]
    columns: Mapping[str, Any]
    sort: LeadSort
    words: Mapping[LeadSort, str]
    opens: str
    view: str
    key: str
    noun: str
    has_ticks: bool = True


def text(width: int) -> ColumnConfig:
    """A column of text so many pixels wide."""
    return st.column_config.TextColumn(width=width)


def figure(width: int, help: str | None = None) -> ColumnConfig:
    """A column of a figure from 0 to 100."""
    return st.column_config.ProgressColumn(width=width, min_value=0, max_value=100, format="%d", help=help)


def web_address(width: int) -> ColumnConfig:
    """A column of web addresses, which shows their hosts."""
    return st.column_config.LinkColumn(width=width, display_text=_WEB_HOST)


def table(listing: Listing) -> None:
    """Draw one page of a list."""
    if listing.has_ticks:
        lead_ticks.restore(listing.view, listing.key, listing.ids)
    mark_opened(listing.key, listing.opens, listing.ids, next(iter(listing.cells[0])))
    columns: dict[str, Any] = {
        name: {**listing.columns.get(name, {}), "label": heading(name, listing.sort)}
        for name in listing.cells[0]
    }
    modes: list[Any] = ["single-cell", "single-column"]
    is_tall = len(listing.cells) >= _MOST_ROWS_SHOWN
    # ui/style.css keeps the place of a table of full height until its code is loaded.
    with st.container(key="pp-tall" if is_tall else None):
        st.dataframe(
            listing.cells,
            column_config=columns,
            hide_index=True,
            height=_ROW_PX * (min(len(listing.cells), _MOST_ROWS_SHOWN) + 1) + 3,
            on_select=lambda: _clicked(listing),
            selection_mode=["multi-row", *modes] if listing.has_ticks else modes,
            placeholder="–",
            key=listing.key,
            alt=f"{listing.noun}, one per row",
        )


def mark_opened(key: str, opens: str, ids: Sequence[UUID], column: str) -> None:
    """Before a table is drawn: choose the row that is open and no other, whichever way it was opened or closed, so that
    a click on any other is a new choice. ``column`` is where the mark stands if the row was not clicked. A lead may
    have several rows."""
    opened = lead_panel.opened(opens)
    rows = [row for row, each in enumerate(ids) if each == opened]
    st.session_state[_MARKED] = (key, rows)
    selection = st.session_state[key]["selection"] if key in st.session_state else _NOTHING
    chosen = {row for row, _ in selection["cells"]}
    if bool(chosen) != bool(rows) or not chosen.issubset(rows):
        cells = [[row, column] for row in rows[:1]]
        st.session_state[key] = {"selection": {"rows": selection["rows"], "columns": [], "cells": cells}}


def key_of(subject: object, chosen: LeadFilter, sort: LeadSort, page: LeadPage, here: int) -> str:
    """The key of the table with this page: what was clicked in another one means nothing here."""
    return f"{view_of(subject, chosen, sort)}-{here}-{page.rows[0].id}"


def view_of(subject: object, chosen: LeadFilter, sort: LeadSort) -> str:
    """A list with its filters and order, as ticks belong to it."""
    return f"leads_{subject}-{hash((chosen, sort)):x}"


def _clicked(listing: Listing) -> None:
    """A callback: open a row, sort by a column, or keep what is ticked."""
    selection = st.session_state[listing.key]["selection"]
    has_ticks = listing.has_ticks and lead_ticks.are_any(listing.view, listing.key)
    follow_click(listing.key, listing.opens, listing.ids, has_ticks=has_ticks)
    for column in selection["columns"]:
        st.session_state[lead_filters.SORT] = listing.words[after_click(column, listing.sort)]
    if listing.has_ticks:
        lead_ticks.keep(listing.view, listing.key, listing.ids)


def follow_click(key: str, opens: str, ids: Sequence[UUID], *, has_ticks: bool = False) -> None:
    """A callback: open the row that was clicked, or close it when Escape let go of it; ``has_ticks``: rows were ticked
    before, and may have been let go of instead. The mark of the row that is open is no click, though the browser may
    tell of it late, as when that row is being closed."""
    selection = st.session_state[key]["selection"]
    of, marked = st.session_state.get(_MARKED, ("", []))
    marked = marked if of == key else []
    clicked = [row for row, _column in selection["cells"] if row < len(ids)]
    if any(row not in marked for row in clicked):
        lead_panel.open_row(opens, ids[clicked[0]])
    elif marked and not has_ticks and not any(selection.values()):
        lead_panel.open_row(opens, None)


def page_number() -> int:
    """Which page the address asks for, counted from 1; anything that is no such number is the first."""
    asked = st.query_params.get(lead_filters.PAGE, "")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1


def pager(here: int, rows: int, matching: str, *, has_more: bool) -> None:
    """Draw which rows these are of how many, in words, and the way to the others."""
    start = (here - 1) * PAGE_ROWS
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{ranged(number(start + 1), number(start + rows), '–')} of {matching}")
        with st.container(horizontal=True, width="content"):
            if here > 1:
                st.button("Previous", key="previous", on_click=turn_to, args=(here - 1,))
            if has_more:
                st.button("Next", key="next", on_click=turn_to, args=(here + 1,))


def turn_to(number: int) -> None:
    """A callback: show another page; the first one needs no mention in the address."""
    address.write({lead_filters.PAGE: [str(number)] if number > 1 else []})
