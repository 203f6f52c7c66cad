"""The note on the legal basis, typed once for the workspace."""

from __future__ import annotations

import streamlit as st

from services import privacy_notes
from services.errors import Refused
from services.identity import Person
from ui.text import plain


def form(person: Person) -> None:
    """Draw the note and its button."""
    st.header("Legal basis", anchor=False)
    st.caption(
        "Why your workspace may process these data, such as your legitimate interest and how you weighed it. It stands"
        " in the data sheet of every export and in reports."
    )
    with st.form("basis_form", border=False):
        note = st.text_area(
            "Legal basis of this workspace", value=privacy_notes.legal_basis(person), key="basis_note",
            max_chars=privacy_notes.MAX_NOTE, label_visibility="collapsed", height=100,
        )  # fmt: skip
        is_sent = st.form_submit_button("Save", key="basis_send")
    if is_sent:
        try:
            privacy_notes.say(person, note or "")
        except Refused as refused:
            st.warning(plain(str(refused)))
            return
        st.success("Saved.")
