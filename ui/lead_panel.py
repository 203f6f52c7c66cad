"""The panel beside a list of leads: one company, what the team does about it and all that is known.

Results and the book open the same one: a list says under which name its rows stand in the address, and how one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import streamlit as st

from services import book
from services.book import Company
from services.errors import NotFound
from services.identity import Person
from ui import (
    address,
    book_again,
    company_edits,
    company_head,
    company_sightings,
    company_timeline,
    company_work,
    keyboard,
    lead_detail,
    said,
)
from ui.text import plain

_TABLE = "opened_from"


@dataclass(frozen=True, slots=True)
class Opens:
    """What a list opens: the name of the row in the address, and what reads it. Raises NotFound."""

    name: str
    read: Callable[[Person, UUID], Company]


BOOK = Opens("company", book.company)


def of_campaign(campaign_id: UUID) -> Opens:
    """What the leads of one campaign open: each as this campaign found it."""
    return Opens("lead", lambda person, lead: book.company_of_lead(person, campaign_id, lead))


def open_row(name: str, row: UUID, table_key: str | None = None) -> None:
    """A callback: open a row. ``table_key`` is the table whose clicked cell is let go when the panel closes."""
    address.write({name: [row.hex]})
    st.session_state[_TABLE] = table_key


def draw(person: Person, opens: Opens, neighbours: Sequence[tuple[UUID, str]]) -> None:
    """Draw the row the address names; ``neighbours``, id and name, are those of the list, to walk through."""
    wanted = _wanted(opens.name)
    if wanted is None:
        return
    title = plain(dict(neighbours).get(wanted, "Lead"))
    closes = partial(_close, opens.name)
    drawn = st.dialog(title, width="medium", position="right", on_dismiss=closes)(_panel)
    drawn(person, opens, [row.hex for row, _ in neighbours])


def _close(name: str) -> None:
    address.write({name: []})
    table = st.session_state.pop(_TABLE, None)
    if table in st.session_state:
        # Otherwise a click on the same cell would be no new choice; ticked rows stay ticked.
        selection = st.session_state[table]["selection"]
        st.session_state[table] = {"selection": {"rows": selection["rows"], "columns": [], "cells": []}}


def _panel(person: Person, opens: Opens, rows: Sequence[str]) -> None:
    wanted = _wanted(opens.name)
    if wanted is None:
        return
    if wanted.hex in rows:
        _walk(opens.name, rows, rows.index(wanted.hex))
    try:
        company = opens.read(person, wanted)
    except NotFound as gone:
        st.info(plain(str(gone)))
        return
    said.show()
    company_head.head(company)
    book_again.offer(person, lambda: [company.row.company_id], 1, key="look_up_again")
    if company.is_customer:
        company_head.customer(person, company)
    company_work.work(person, company)
    lead_detail.detail(company.detail, company.edits)
    company_edits.edits(person, company)
    company_timeline.timeline(company)
    company_sightings.sightings(company)


def _walk(name: str, rows: Sequence[str], here: int) -> None:
    steps = (
        ("Previous lead", here - 1, "lead_previous", keyboard.PREVIOUS_LEAD),
        ("Next lead", here + 1, "lead_next", keyboard.NEXT_LEAD),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, there, key, shortcut in steps:
            is_there = 0 <= there < len(rows)
            if st.button(label, key=key, disabled=not is_there, shortcut=shortcut) and is_there:
                address.write({name: [rows[there]]})
                # The whole page: after a rerun of the panel alone, its closing would not reach the table.
                st.rerun()
        st.caption(f"{here + 1} of {len(rows)} on this page")


def _wanted(name: str) -> UUID | None:
    try:
        return UUID(st.query_params.get(name, "")[:64])
    except ValueError:
        return None
