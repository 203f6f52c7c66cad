"""Downloads of leads of the book: what the filters show, or the ticked companies, whichever campaigns found them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import streamlit as st

from pipeline.output.file_names import book_file_name
from services import book_export, book_files
from services.identity import Person
from services.permissions import Right
from services.results import LeadFilter, LeadSort
from ui import (
    book_table,
    download_choice,
    export_schedule_draft,
    lead_columns,
    lead_downloads,
    rights,
    said,
    session,
)
from ui.download_choice import Choice
from ui.format import counted, number
from ui.lead_list import LeadList
from ui.text import plain
from ui.viewer_time import local, today

_OPEN = "book_download"
_MOST = book_export.MOST_AT_ONCE
_FRESH_S = 60


def downloads(
    of: LeadList, shown: tuple[LeadFilter, LeadSort], matching: int, ticked: Sequence[UUID]
) -> None:
    """Draw the popover; the file is made when its button is clicked, or regularly. ``ticked`` are companies chosen one
    by one."""
    person = of.person
    if not rights.offered(person, Right.EXPORT_LEADS):
        return
    popover = st.popover("Download", key=_OPEN, icon=":material/download:", on_change="rerun")
    if popover.open:
        # What there is to choose is asked for only then.
        with popover:
            _choose(person, shown, matching, ticked)
            export_schedule_draft.offer(of, shown)


def _choose(
    person: Person, shown: tuple[LeadFilter, LeadSort], matching: int, ticked: Sequence[UUID]
) -> None:
    chosen, sort = shown
    chosen = chosen.model_copy(update={"today": today()})
    if not ticked:
        st.caption("Rows that are ticked in the table can be downloaded alone.")
    elif lead_downloads.only_ticked(matching, len(ticked), book_table.how_many(matching)):
        chosen, matching = chosen.model_copy(update={"ids": tuple(ticked[:_MOST])}), len(ticked)
    choice = download_choice.choice(person, lead_columns.as_exported(lead_columns.chosen()))
    missing = _left_out(person, (person.workspace_id, chosen.as_kept(), choice.format.key), chosen)
    is_many = matching > _MOST
    of = f"{book_table.how_many(matching)} leads" if is_many else counted(matching, "lead")
    lead_downloads.note_left_out(missing, of, at_least=is_many)
    if is_many:
        _have_made((chosen, sort), choice)
        return
    name = partial(_name, book_export.is_simulated(person, chosen))
    _download(person, (chosen, sort), matching - missing, choice, name)
    lead_downloads.sheets(lambda kind: lambda: book_export.data_sheet(person, chosen, kind).data, name)


@st.cache_data(scope="session", ttl=_FRESH_S, max_entries=20, show_spinner=False)
def _left_out(_person: Person, asked: tuple[UUID, str, str], _chosen: LeadFilter) -> int:
    return book_export.left_out(_person, _chosen, asked[2])


def _download(
    person: Person,
    shown: tuple[LeadFilter, LeadSort],
    count: int,
    choice: Choice,
    name: Callable[[str], str],
) -> None:
    chosen, sort = shown
    st.download_button(
        f"Download {plain(choice.label)} ({counted(count, 'lead')})",
        data=lambda: book_export.export(person, chosen, sort, choice.format, choice.layout).data,
        file_name=name(choice.format.extension),
        mime=choice.format.mime,
        key=f"download_{choice.format.key}",
        type="primary",
        width="stretch",
        disabled=count == 0,
        on_click="ignore",
    )


def _have_made(shown: tuple[LeadFilter, LeadSort], choice: Choice) -> None:
    st.caption(
        f"More than {number(_MOST)} leads are written by a worker. You can go on meanwhile; the file then waits for you"
        " alone at the head of this page."
    )
    label = f"Have the {plain(choice.label)} file made"
    st.button(label, key="make_file", type="primary", width="stretch", on_click=_ask, args=(*shown, choice))


def _ask(chosen: LeadFilter, sort: LeadSort, choice: Choice) -> None:
    """A callback."""
    columns = [column.title for column in choice.layout.columns]
    person, spelling = session.require_person(), choice.layout.spelling

    def ask() -> None:
        book_files.ask(person, chosen, sort, choice.format.key, columns, spelling)

    said.after(ask, "The file is made now.")


def _name(is_simulated: bool, extension: str) -> str:
    return book_file_name(local(datetime.now(UTC)).date(), extension, is_simulated=is_simulated)
