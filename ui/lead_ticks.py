"""Rows ticked in a table of leads, kept from page to page of the same list with the same filters."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from ui.format import number

_TICKS = "lead_ticks"


def ticked(view: str, key: str, ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Every ticked row of the list; ``key`` and ``ids`` are the table and the rows of the page on show."""
    keep(view, key, ids)
    return tuple(row for rows in _pages(view).values() for row in rows)


def keep(view: str, key: str, ids: Sequence[UUID]) -> None:
    """Keep what is ticked in a table now."""
    if key in st.session_state:
        rows = st.session_state[key].get("selection", {}).get("rows", [])
        _pages(view)[key] = tuple(ids[row] for row in rows if row < len(ids))


def restore(view: str, key: str, ids: Sequence[UUID]) -> None:
    """Before a table is drawn that was away for a while: tick what was ticked there."""
    before = _pages(view).get(key, ())
    rows = [ids.index(row) for row in before if row in ids]
    if rows and key not in st.session_state:
        st.session_state[key] = _selected(rows)


def are_any(view: str, key: str) -> bool:
    """Whether rows of a table were ticked when it was drawn last."""
    return bool(_pages(view).get(key))


def note(count: int) -> None:
    """Draw how many are ticked on all pages, and the way to let go of them."""
    if count:
        st.caption(f"{number(count)} ticked on all pages")
        st.button("Untick all", key="untick", type="tertiary", on_click=_let_go)


def _pages(view: str) -> dict[str, tuple[UUID, ...]]:
    """The ticked rows of each table of the list; those of another list are let go."""
    kept = st.session_state.get(_TICKS)
    if kept is None or kept[0] != view:
        kept = st.session_state[_TICKS] = (view, {})
    pages: dict[str, tuple[UUID, ...]] = kept[1]
    return pages


def _let_go() -> None:
    _, pages = st.session_state.pop(_TICKS, ("", {}))
    for key in pages:
        if key in st.session_state:
            st.session_state[key] = _selected([])


def _selected(rows: list[int]) -> dict[str, dict[str, list[int]]]:
    return {"selection": {"rows": rows, "columns": [], "cells": []}}
