"""Putting companies of the book on the suppression list: asked once more, and taken back by who may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from pipeline.suppression import MAX_REASON
from services import book_suppressing
from services.book_suppressing import Suppressed
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import said, session
from ui.format import counted
from ui.text import plain

Companies = Callable[[], Sequence[UUID]]
CHANGES = "book_change"
"""The popover the button stands in."""
_ASKED, _DONE = "book_suppress_asked", "book_suppressed"


def offer(person: Person, companies: Companies, count: int) -> None:
    """Draw the button; ``companies`` finds out which they are once it is answered with yes."""
    if may(person, Right.SUPPRESS):
        st.button(
            "Put on the suppression list …",
            key="book_suppress",
            type="tertiary",
            icon=":material/block:",
            on_click=_begin,
            args=(companies, count),
        )


def _begin(companies: Companies, count: int) -> None:
    """A callback: ask, with what the button stood in closed, as it would lie over the question."""
    st.session_state[_ASKED] = (companies, count)
    st.session_state[CHANGES] = False


def _dismissed() -> None:
    st.session_state.pop(_ASKED, None)


def _ask(companies: Companies, count: int) -> None:
    they = "its lead stays" if count == 1 else "their leads stay"
    of_them = "by domain, phone numbers, e-mail addresses and name"
    st.markdown(
        plain(
            f"{counted(count, 'company', 'companies')}, {of_them}. No campaign stores them, asks or pays for anything"
            f" about them any more; {they} in the book."
        )
    )
    with st.form("book_suppress_form", border=False):
        reason = st.text_input(
            "Reason",
            key="book_suppress_reason",
            max_chars=MAX_REASON,
            placeholder="Asked us not to call",
            help="It is shown to everybody in the workspace and with campaigns; write no names into it.",
        )
        if st.form_submit_button(
            f"Put {counted(count, 'company', 'companies')} on it", type="primary", key="book_suppress_go"
        ):
            try:
                done = book_suppressing.suppress(session.require_person(), companies(), reason or "")
            except Refused as refused:
                st.warning(plain(str(refused)))
                return
            _dismissed()
            st.session_state[_DONE] = done
            st.rerun()


def question() -> None:
    """Draw the question while it is open."""
    asked: tuple[Companies, int] | None = st.session_state.get(_ASKED)
    if asked is not None:
        st.dialog("Put them on the suppression list?", on_dismiss=_dismissed)(_ask)(*asked)


def outcome(person: Person) -> None:
    """Draw what came of it, and the way back for who may take entries off."""
    done: Suppressed | None = st.session_state.get(_DONE)
    if done is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(plain(_came_to(done)))
        if done.entries and may(person, Right.LIFT_SUPPRESSIONS):
            st.button("Undo", key="book_suppress_undo", on_click=_take_back, args=(done,))
        st.button("Keep", key="book_suppress_keep", type="tertiary", on_click=_keep)


def _came_to(done: Suppressed) -> str:
    told = ""
    if done.companies:
        how = f"by {counted(done.entries, 'new entry', 'new entries')}" if done.entries else "as before"
        told = f"{counted(done.companies, 'company is', 'companies are')} on the suppression list, {how}. "
    if done.nameless:
        told += f"Of {counted(done.nameless, 'company', 'companies')} nothing is known to go by."
    return told.strip() or "These companies are gone."


def _take_back(done: Suppressed) -> None:
    taken = f"{counted(done.entries, 'entry is', 'entries are')} off the suppression list again."
    said.after(lambda: _undone(done), taken)
    _keep()


def _undone(done: Suppressed) -> None:
    book_suppressing.take_back(session.require_person(), done)


def _keep() -> None:
    st.session_state.pop(_DONE, None)
