"""The panel beside the list that explains one lead; which one is open stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from services import results
from services.errors import NotFound
from ui import address, lead_detail, session

_LEAD = "lead"
_TABLE = "lead_opened_from"


def open_lead(lead: str, table_key: str | None = None) -> None:
    """A callback: open a lead. ``table_key`` is the table whose selection ends when the panel closes."""
    address.write({_LEAD: [lead]})
    st.session_state[_TABLE] = table_key


def draw(campaign_id: UUID, neighbours: Sequence[UUID]) -> None:
    """Draw the lead the address names; ``neighbours`` are the leads of the list, which can be walked through."""
    if _lead() is not None:
        _panel(campaign_id, [lead.hex for lead in neighbours])


def _close() -> None:
    address.write({_LEAD: []})
    table = st.session_state.pop(_TABLE, None)
    if table in st.session_state:
        # Otherwise a click on the same cell would be no new choice.
        st.session_state[table] = {"selection": {"rows": [], "columns": [], "cells": []}}


@st.dialog("Lead", width="medium", position="right", on_dismiss=_close)
def _panel(campaign_id: UUID, leads: Sequence[str]) -> None:
    lead_id = _lead()
    if lead_id is None:
        return
    if lead_id.hex in leads:
        _walk(leads, leads.index(lead_id.hex))
    try:
        lead_detail.detail(results.lead(session.require_person(), campaign_id, lead_id))
    except NotFound:
        st.info("We can't find that lead. It may have been deleted, or the link is not complete.")


def _walk(leads: Sequence[str], here: int) -> None:
    steps = (("Previous lead", here - 1, "lead_previous"), ("Next lead", here + 1, "lead_next"))
    with st.container(horizontal=True):
        for label, there, key in steps:
            is_there = 0 <= there < len(leads)
            if st.button(label, key=key, disabled=not is_there) and is_there:
                address.write({_LEAD: [leads[there]]})
                # The whole page: after a rerun of the panel alone, its closing would not reach the table.
                st.rerun()


def _lead() -> UUID | None:
    try:
        return UUID(st.query_params.get(_LEAD, "")[:64])
    except ValueError:
        return None
