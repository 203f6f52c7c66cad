"""The panel beside a list of leads: one company, what the team does about it and all that is known.

Results and the book open the same one: a list says under which name its rows stand in the address, and how one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services import book, mentions
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
    crm_words,
    keyboard,
    lead_detail,
)
from ui.text import plain


@dataclass(frozen=True, slots=True)
class Opens:
    """What a list opens: the name of the row in the address, and what reads it. Raises NotFound."""

    name: str
    read: Callable[[Person, UUID], Company]


BOOK = Opens("company", book.company)


def of_campaign(campaign_id: UUID) -> Opens:
    """What the leads of one campaign open: each as this campaign found it."""
    return Opens("lead", lambda person, lead: book.company_of_lead(person, campaign_id, lead))


def open_row(name: str, row: UUID | None) -> None:
    """A callback: open a row, or none."""
    address.write({name: [row.hex] if row else []})


def opened(name: str) -> UUID | None:
    """The row the address names."""
    try:
        return UUID(st.query_params.get(name, "")[:64])
    except ValueError:
        return None


def draw(person: Person, opens: Opens, neighbours: Sequence[UUID]) -> None:
    """Draw the row the address names; ``neighbours`` are those of the list, to walk through.

    The list stays in use beside it: ``ui/style.css`` lays the panel over its right side, or over the whole of a phone.
    """
    row = opened(opens.name)
    if row is None:
        return
    with st.container(key="pp-panel"):
        head = st.container()
        _walk(opens.name, row, neighbours)
        try:
            company = opens.read(person, row)
        except NotFound as gone:
            _head(head, opens.name, "Lead")
            st.info(plain(str(gone)))
            return
        _head(head, opens.name, plain(company.row.lead.name))
        _company(person, company)


def _company(person: Person, company: Company) -> None:
    company_head.head(company)
    if company.is_mentioned:
        st.caption(":material/alternate_email: You are mentioned in the notes below.")
        mentions.mark_read(person, company.row.company_id)
    book_again.offer(person, lambda: [company.row.company_id], 1, key="look_up_again")
    if company.is_customer:
        company_head.customer(person, company)
    crm_words.standings(company.handed_over)
    company_work.work(person, company)
    lead_detail.detail(company.detail, company.edits)
    company_edits.edits(person, company)
    company_timeline.timeline(person, company)
    company_sightings.sightings(company)


def _head(head: DeltaGenerator, name: str, title: str) -> None:
    with head.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(title, anchor=False, width="content")
        st.button(
            "Close", key="lead_close", type="tertiary", icon=":material/close:", shortcut=keyboard.CLOSE_LEAD,
            on_click=open_row, args=(name, None),
        )  # fmt: skip


def _walk(name: str, row: UUID, rows: Sequence[UUID]) -> None:
    if row not in rows:
        return
    here = rows.index(row)
    steps = (
        ("Previous lead", here - 1, "lead_previous", keyboard.PREVIOUS_LEAD),
        ("Next lead", here + 1, "lead_next", keyboard.NEXT_LEAD),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, there, key, shortcut in steps:
            is_there = 0 <= there < len(rows)
            st.button(
                label, key=key, disabled=not is_there, shortcut=shortcut,
                on_click=open_row, args=(name, rows[there] if is_there else row),
            )  # fmt: skip
        st.caption(f"{here + 1} of {len(rows)} on this page")
