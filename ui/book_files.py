"""Large files of leads that a worker makes: how far they are, the way to them, the way to let go of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from services import book_files
from services.book_files import FileRow, FileState
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, may
from ui import protocol, said, session
from ui.format import counted, number
from ui.text import plain
from ui.viewer_time import local

_RHYTHM_S = 1.0
_MB = 1_000_000


def draw(person: Person) -> None:
    """Draw the files of the person, if there are any."""
    if not may(person, Right.EXPORT_LEADS):
        return
    _rows(book_files.mine(person))


def _rows(rows: Sequence[FileRow]) -> None:
    for row in rows:
        with st.container(border=True, key=f"pp-card-file-{row.id.hex}", gap="xsmall"):
            if row.state is FileState.READY:
                _ready(row)
            elif row.state is FileState.FAILED:
                st.markdown(plain(f"The {book_files.label_of(row)} file was not made. {row.said}"))
                _buttons(row)
            else:
                # Drawn anew only when there is news of it (api/ticks.py).
                st.fragment(_watch, run_every=_RHYTHM_S)(row.id, row.state)
                _buttons(row)


def _watch(file_id: UUID, drawn_as: FileState) -> None:
    try:
        row = book_files.one(session.require_person(), file_id)
    except NotFound:
        st.rerun()
    if row.state is not drawn_as:
        st.rerun()
    with st.container(gap=None):
        st.html(f"<div{protocol.watching(row.id, row.mark)}></div>")
        st.progress(_share(row), text=plain(f"Your {book_files.label_of(row)} file{_how_far(row)}"))


def _share(row: FileRow) -> float:
    return min(1.0, row.passed / row.expected) if row.expected else 0.0


def _how_far(row: FileRow) -> str:
    if row.state is FileState.WAITING:
        return " is begun within a few seconds."
    if row.expected is None:
        return ": counting the leads."
    return f": {number(row.passed)} of {counted(row.expected, 'lead')}. You may leave this page."


def _ready(row: FileRow) -> None:
    told = f"{counted(row.rows or 0, 'lead')}, {max(0.1, (row.size or 0) / _MB):,.1f} MB."
    if row.left_out:
        told += f" {counted(row.left_out, 'lead')} left out: what this needs is not known."
    if row.ends_at:
        told += f" It waits for you alone until {local(row.ends_at):%a %d %b, %H:%M}."
    st.markdown(plain(f"Your {book_files.label_of(row)} file is ready: {told}"))
    _buttons(row)


def _buttons(row: FileRow) -> None:
    with st.container(horizontal=True):
        if row.state is FileState.READY:
            st.link_button("Download", f"/exports/{row.id}", type="primary", icon=":material/download:")
        if row.state is FileState.FAILED:
            st.button("Try again", key=f"file-again-{row.id.hex}", on_click=_again, args=(row.id,))
        words = "Remove" if row.state in (FileState.READY, FileState.FAILED) else "Stop"
        st.button(words, key=f"file-drop-{row.id.hex}", type="tertiary", on_click=_drop, args=(row.id,))


def _again(file_id: UUID) -> None:
    said.after(lambda: book_files.again(session.require_person(), file_id), "The file is made again.")


def _drop(file_id: UUID) -> None:
    said.after(lambda: book_files.discard(session.require_person(), file_id), "The file is gone.")
