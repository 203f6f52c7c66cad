"""Suppression list: who is neither stored nor asked about in this workspace."""

from __future__ import annotations

import streamlit as st

from services.permissions import Right, may
from ui import cards, session, suppression_forms, suppression_table

_CAPTION = (
    "People and companies on it are neither stored nor asked about, in any campaign of this workspace. The list keeps"
    " no names or addresses, only keyed hashes, so it can be asked about somebody and tells nobody who is on it."
)


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    cards.heading("Suppression list", _CAPTION)
    suppression_forms.said_last()
    with st.container(border=True, key="pp-card-check"):
        suppression_forms.check(person)
    if may(person, Right.SUPPRESS):
        with st.container(border=True, key="pp-card-add"):
            suppression_forms.add(person)
        with st.container(border=True, key="pp-card-upload"):
            suppression_forms.upload(person)
    suppression_table.table(person)


main()
