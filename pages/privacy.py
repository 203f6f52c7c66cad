"""Privacy: answering somebody who asks what is held about them, or to be erased."""

from __future__ import annotations

import streamlit as st

from services.permissions import Right
from ui import cards, erase_panel, legal_basis, report_panel, session, subject_form


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.ERASE)
    cards.heading("Privacy", "Answer people and companies who ask what you hold about them, or to be erased.")
    erase_panel.said_last()
    with st.container(border=True, key="pp-card-basis"):
        legal_basis.form(person)
    with st.container(border=True, key="pp-card-subject"):
        subject = subject_form.chosen()
    if subject is None:
        return
    with st.container(border=True, key="pp-card-report"):
        report_panel.panel(person, subject)
    with st.container(border=True, key="pp-card-erase"):
        erase_panel.panel(person, subject)


main()
