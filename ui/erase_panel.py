"""Erasing somebody: what will be removed, counted before anything is, and the button that does it."""

from __future__ import annotations

import streamlit as st

from pipeline.suppression import Subject
from services import erasing
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import subject_form
from ui.text import plain

_SAID = "erase_said"
_NOTHING = "Nothing is held that names them"


def said_last() -> None:
    """Draw what the last erasure came to, once."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said))


def panel(person: Person, subject: Subject) -> None:
    """Draw what an erasure would remove, and ask."""
    who = subject_form.named(subject)
    st.header("Erase", anchor=False)
    everywhere = may(person, Right.ERASE_EVERYWHERE) and st.toggle(
        "In all workspaces of this installation", key="erase_everywhere"
    )
    try:
        counts = erasing.preview(person, subject, everywhere=everywhere)
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    where = "this whole installation" if everywhere else f"the workspace {person.workspace_name}"
    st.markdown(f"Erasing **{plain(who)}** from {plain(where)}:")
    lines = erasing.in_words(counts) or [f"{_NOTHING}; they are only put on the suppression list"]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    st.caption(
        "Costs stay, without what they were for. A mark in the suppression list keeps later campaigns from bringing"
        " them back. Files that were exported and backups are out of reach; tell whoever has them."
    )
    is_sure = st.checkbox("This is whom I mean; it cannot be undone", key="erase_sure")
    if st.button("Erase for good", type="primary", key="erase_send", disabled=not is_sure):
        try:
            done = erasing.erase(person, subject, everywhere=everywhere)
        except Refused as refused:
            st.warning(plain(str(refused)))
            return
        subject_form.forget()
        st.session_state[_SAID] = f"Erased. {'; '.join(erasing.in_words(done)) or _NOTHING}."
        st.session_state.pop("erase_sure", None)
        st.rerun()
