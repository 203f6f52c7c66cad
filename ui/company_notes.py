"""Notes about one company: written with the people they are meant for, changed and deleted by who wrote them."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services import notes
from services.book import Activity, Company
from services.identity import Person
from services.notes import LONGEST_NOTE, MOST_NAMED
from services.permissions import Right, may
from ui import once, said, session

_WRITTEN, _CHANGED = "company_note", "company_note_changed"
_OPEN = "note_editing"


def form(person: Person, company: Company) -> None:
    """Draw where a note is written."""
    company_id = company.row.company_id
    key, named = f"work_note_{company_id.hex}", f"work_named_{company_id.hex}"
    others = {user: email for user, email in company.people if user != person.id}
    st.text_area("Note", key=key, max_chars=LONGEST_NOTE, placeholder="What was said, what comes next …")
    if others:
        st.multiselect(
            "Mention", list(others), key=named, format_func=lambda user: f"@{others.get(user, '')}",
            placeholder="Whom it is meant for", max_selections=MOST_NAMED, select_all=False,
            help="They are told here and, if they want it, by e-mail. You can also type @ and their address.",
        )  # fmt: skip
    said.show(_WRITTEN)
    st.button("Add note", key="note_add", on_click=_add, args=(company_id, key, named))


def outcome() -> None:
    """Draw what came of changing or deleting a note."""
    said.show(_CHANGED)


def own(person: Person, company: Company, activity: Activity) -> None:
    """Draw what its author can do about a note."""
    is_own = activity.kind == "note" and activity.user_id == person.id and not activity.is_deleted
    if not is_own or not may(person, Right.WORK_LEADS):
        return
    text = str(activity.detail["text"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Edit", key=f"note_edit_{activity.id}", type="tertiary",
            on_click=_open, args=((activity.id, text),),
        )  # fmt: skip
        with st.popover("Delete", key=f"note_delete_{activity.id}", type="tertiary"):
            st.markdown("What it says goes for good; that there was a note stays.")
            st.button(
                "Delete note", key=f"note_delete_yes_{activity.id}",
                on_click=_delete, args=(company.row.company_id, activity.id),
            )  # fmt: skip


def editing(company: Company, activity: Activity) -> bool:
    """Draw the note as something that is being changed, if it is; returns whether."""
    note_id, before = st.session_state.get(_OPEN, (None, ""))
    if note_id != activity.id:
        return False
    key = f"note_text_{note_id}"
    # What came of a call stands before what was typed of it.
    longest = max(LONGEST_NOTE, len(before))
    st.text_area("Your note", value=before, key=key, max_chars=longest)
    with st.container(horizontal=True):
        st.button(
            "Save note", key="note_save", type="primary",
            on_click=_save, args=(company.row.company_id, note_id, before, key),
        )  # fmt: skip
        st.button("Cancel", key="note_cancel", on_click=_open, args=(None,))
    return True


def _open(note: tuple[int, str] | None) -> None:
    if note is None:
        st.session_state.pop(_OPEN, None)
    else:
        st.session_state[_OPEN] = note


def _add(company_id: UUID, key: str, named: str) -> None:
    text, people = st.session_state[key], st.session_state.get(named, [])
    done = said.after(
        lambda: once.once(
            ("note", company_id, text, people),
            lambda: notes.write(session.require_person(), company_id, text, people),
        ),
        "The note is added.",
        _WRITTEN,
    )
    if done:
        st.session_state[key] = ""
        st.session_state[named] = []


def _save(company_id: UUID, note_id: int, before: str, key: str) -> None:
    text = st.session_state[key]
    done = said.after(
        lambda: notes.edit(session.require_person(), company_id, note_id, before, text),
        "The note is changed.",
        _CHANGED,
    )
    if done:
        _open(None)


def _delete(company_id: UUID, note_id: int) -> None:
    said.after(
        lambda: notes.delete(session.require_person(), company_id, note_id), "The note is deleted.", _CHANGED
    )
