"""Whom a request is about: typed once, kept while the page is open, and in no address."""

from __future__ import annotations

import streamlit as st

from pipeline.suppression import Subject
from services import suppression_list
from services.errors import Refused
from ui.text import plain

_CHOSEN = "subject_chosen"


def chosen() -> Subject | None:
    """Draw the question, and return whom the last answer means."""
    st.header("Whom is it about?", anchor=False)
    with st.form("subject_form", border=False):
        left, right = st.columns([2, 1])
        who = left.text_input(
            "E-mail address, domain or phone number, or a company's name", key="subject_who", max_chars=320,
            placeholder="info@example.com, example.com or +358 9 1234567",
        )  # fmt: skip
        place = right.text_input(
            "Town or postcode, for the name of a company", key="subject_place", max_chars=100
        )
        is_sent = st.form_submit_button("Look", type="primary", key="subject_send")
    if is_sent:
        try:
            st.session_state[_CHOSEN] = suppression_list.understood(who or "", place or "")
        except Refused as refused:
            forget()
            st.warning(plain(str(refused)))
    subject = st.session_state.get(_CHOSEN)
    return subject if isinstance(subject, Subject) else None


def forget() -> None:
    """Nobody is chosen any more."""
    st.session_state.pop(_CHOSEN, None)


def named(subject: Subject) -> str:
    """Whom a subject means, as they were typed."""
    return f"{subject.name} in {subject.place}" if subject.name else subject.value
