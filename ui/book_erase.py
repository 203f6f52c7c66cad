"""Erasing companies of the book: counted first, asked for with a number to type, never taken back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from services import book_erasing, erasing
from services.book_erasing import Erased
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import said, session
from ui.book_suppress import CHANGES, Companies
from ui.format import counted, number
from ui.text import plain

_ASKED = "book_erase_asked"
_Asked = tuple[Sequence[UUID], Erased]


def offer(person: Person, companies: Companies) -> None:
    """Draw the button; ``companies`` finds out which they are once it is clicked."""
    if may(person, Right.ERASE):
        st.button(
            "Erase …",
            key="book_erase",
            type="tertiary",
            icon=":material/delete_forever:",
            on_click=_begin,
            args=(companies,),
        )


def question() -> None:
    """Draw the question while it is open."""
    asked: _Asked | None = st.session_state.get(_ASKED)
    if asked is not None:
        st.dialog("Erase them for good?", on_dismiss=_dismissed)(_ask)(*asked)


def _begin(companies: Companies) -> None:
    """A callback: count what would go, and ask."""
    st.session_state[CHANGES] = False
    chosen = companies()
    try:
        with st.spinner("Counting what would go …", show_time=True):
            found = book_erasing.preview(session.require_person(), chosen)
    except Refused as refused:
        said.keep_refusal(str(refused))
        return
    st.session_state[_ASKED] = (chosen, found)


def _ask(chosen: Sequence[UUID], found: Erased) -> None:
    many = counted(found.companies, "company", "companies")
    st.markdown(plain(f"Erasing {many} by name and place from this workspace:"))
    st.markdown("\n".join(f"- {plain(line)}" for line in erasing.in_words(found.counts)))
    if found.placeless:
        stay = (
            "1 other company: it stays"
            if found.placeless == 1
            else f"{number(found.placeless)} others: they stay"
        )
        st.warning(
            f"Neither town nor postcode is known of {stay}. *Privacy* erases by domain, number or address."
        )
    st.caption(
        "Every lead of that name at that place goes, in all campaigns. Costs stay, without what they were for. The"
        " suppression list keeps them from coming back. Files that were exported and backups are out of reach."
        " There is no undo."
    )
    with st.form("book_erase_form", border=False):
        typed = st.text_input(f"Type {found.companies} to erase {many}", key="book_erase_typed")
        if st.form_submit_button("Erase for good", type="primary", key="book_erase_go"):
            if (typed or "").strip().replace(",", "") != str(found.companies):
                st.warning(f"Type {found.companies}, or close this.")
                return
            with st.spinner(f"Erasing {many} …", show_time=True):
                _erase(chosen)
            st.rerun()


def _erase(chosen: Sequence[UUID]) -> None:
    _dismissed()
    try:
        done = erasing.in_words(book_erasing.erase(session.require_person(), chosen).counts)
    except Refused as refused:
        said.keep_refusal(str(refused))
        return
    said.keep(f"Erased. {'; '.join(done)}.")


def _dismissed() -> None:
    st.session_state.pop(_ASKED, None)
