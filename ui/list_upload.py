"""Uploading a list: what it is, the file, which column is what, and the first rows as they are read."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pipeline.geo.countries import country_code
from pipeline.imports.company_list import MOST_ROWS, BadRow, Entry, entry
from pipeline.suppression import MAX_REASON
from services import lists
from services.errors import Refused
from services.identity import Person
from services.lists import LONGEST_NAME, Column, Head, ListKind, Upload
from ui import once, said
from ui.list_words import COLUMN, EFFECT, KIND
from ui.text import plain

_TAKEN, _READ = "list_files_taken", "list_file_read"
_NOT_THERE = "Not in the file"
_SHOWN = 5
_BY_WORDS = {words: kind for kind, words in KIND.items()}


def draw(person: Person) -> None:
    """Draw the upload; what is typed stays when a file cannot be read."""
    st.header("Upload a list", anchor=False)
    # What was taken over is let go of by giving its fields new names.
    taken = st.session_state.get(_TAKEN, 0)
    kind = _BY_WORDS[
        st.radio("What is it?", list(_BY_WORDS), key="list_kind", captions=[EFFECT[each] for each in KIND])
    ]
    left, right = st.columns(2)
    name = left.text_input(
        "Name of the list", key=f"list_name-{taken}", max_chars=LONGEST_NAME, placeholder="Customers 2026"
    )
    reason = ""
    if kind is ListKind.EXCLUSION:
        reason = right.text_input(
            "Reason", key=f"list_reason-{taken}", max_chars=MAX_REASON, placeholder="Partners of ours",
            help="It is shown to everybody in the workspace and with campaigns; write no names into it.",
        )  # fmt: skip
    given = st.file_uploader(
        f"CSV or Excel file (.xlsx), the first row with titles, up to {MOST_ROWS:,} rows",
        key=f"list_file-{taken}",
        type=None,
    )
    if given is None:
        return
    try:
        head = _head(given.file_id, given.getvalue())
    except Refused as refused:
        st.error(plain(str(refused)))
        return
    columns, country = _columns(head, given.file_id)
    _preview(head, columns, country)
    if st.button("Check the list", type="primary", key="list_check"):
        upload = Upload(name=name or "", kind=kind, reason=reason or "", columns=columns, country=country)
        _offer(person, given.file_id, given.getvalue(), upload)


def _head(file_id: str, data: bytes) -> Head:
    """The beginning of the file, read once: of a workbook that takes a moment."""
    held: tuple[str, Head] | None = st.session_state.get(_READ)
    if held is None or held[0] != file_id:
        held = (file_id, lists.read(data))
        st.session_state[_READ] = held
    return held[1]


def _columns(head: Head, file_id: str) -> tuple[dict[Column, int], str]:
    """Which column is what, as guessed or chosen, and the country of rows that name none."""
    st.markdown("**Which column is what?** Guessed from the titles; change what is wrong.")
    places = st.columns(3)
    columns: dict[Column, int] = {}
    for number, (column, words) in enumerate(COLUMN.items()):
        guess = head.guessed.get(column)
        chosen = places[number % 3].selectbox(
            words,
            [_NOT_THERE, *head.titles],
            index=0 if guess is None else guess + 1,
            key=f"list_column_{column.value}-{file_id}",
        )
        if chosen in head.titles:
            columns[column] = head.titles.index(chosen)
    country = st.text_input(
        "Country of rows that name none", key="list_country", max_chars=60, placeholder="Finland or FI",
        help="Phone numbers without + are read as those of this country.",
    )  # fmt: skip
    return columns, country or ""


def _preview(head: Head, columns: Mapping[Column, int], country: str) -> None:
    """The first rows as they are understood."""
    region = country_code(country) if country.strip() else None
    read = [entry(row, columns, region) for row in head.sample[:_SHOWN]]
    shown = [_row(each, columns) for each in read]
    st.dataframe(shown, hide_index=True, key="list_preview", width="stretch")


def _row(read: Entry | BadRow, columns: Mapping[Column, int]) -> dict[str, str | int]:
    if isinstance(read, BadRow):
        return {"Row": read.row, **{COLUMN[column]: "" for column in columns}, "Cannot be used": read.why}
    values = {COLUMN[column]: getattr(read, column.value) or "" for column in columns}
    return {"Row": read.row, **values, "Cannot be used": " ".join(read.remarks)}


def _offer(person: Person, file_id: str, data: bytes, upload: Upload) -> None:
    try:
        once.once(("list", file_id, upload), lambda: lists.offer(person, data, upload))
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
    st.session_state.pop(_READ, None)
    said.keep("The list is being checked. Nothing is kept before you say so.")
    st.rerun()
