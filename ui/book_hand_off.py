"""Handing companies of the book to a customer system: from ticked rows to the page that shows what would be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from services import crm, crm_runs
from services.crm import CRMS
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import once, said, session
from ui.format import counted
from ui.navigation import CRM
from ui.text import plain

_MOST = crm_runs.MOST_AT_ONCE
_TO = "crm_hand_to"
_NONE = f"The workspace is not connected to a customer system ({', '.join(kind.label for kind in CRMS.values())}) yet."


def offer(person: Person, companies: Callable[[], Sequence[UUID]], count: int) -> None:
    """Draw the button; ``companies`` finds out which they are once it is clicked."""
    if not may(person, Right.HAND_OFF):
        return
    if st.button(
        "Hand to CRM …",
        key="book_hand_off",
        type="tertiary",
        icon=":material/output:",
        disabled=count > _MOST,
        help=f"At most {counted(_MOST, 'company', 'companies')} at once."
        if count > _MOST
        else "Shows first what would be created, updated and skipped there.",
    ):
        _choose(companies)
    if chosen := st.session_state.pop(_TO, None):
        _look(chosen, companies)


def _choose(companies: Callable[[], Sequence[UUID]]) -> None:
    """Which system, when there are several."""
    connected = crm.listing(session.require_person())
    if not connected:
        said.keep_refusal(_NONE)
        st.switch_page(CRM)
    if len(connected) == 1:
        _look(connected[0].crm, companies)
    for row in connected:
        label = f"To {CRMS[row.crm].label}"
        st.button(
            label, key=f"book_hand_to_{row.crm}", on_click=st.session_state.update, args=({_TO: row.crm},)
        )


def _look(system: str, companies: Callable[[], Sequence[UUID]]) -> None:
    person = session.require_person()
    try:
        asked = companies()
        once.once(("hand-off", system, asked), lambda: crm_runs.look(person, system, asked))
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    st.switch_page(CRM)
