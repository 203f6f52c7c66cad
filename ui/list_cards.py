"""Uploaded lists as cards: those that wait for the check or a decision, and those that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal
from uuid import UUID

import streamlit as st

from services import lists
from services.errors import NotFound
from services.identity import Person
from services.lists import ListKind, ListRow, ListState
from services.permissions import may
from ui import cards, draft_address, question, said, session
from ui.format import counted, day, number
from ui.list_words import KIND
from ui.navigation import NEW_CAMPAIGN
from ui.question import Question
from ui.text import plain, someone
from ui.viewer_time import local

_LOOK_S = 2.0
_MOST_PROBLEMS = 20
_COLOUR: Mapping[ListKind, Literal["blue", "orange", "green"]] = {
    ListKind.CUSTOMERS: "blue",
    ListKind.EXCLUSION: "orange",
    ListKind.OWN: "green",
}
_WORKING = (ListState.CHECKING, ListState.STORING)


def waiting(person: Person, rows: Sequence[ListRow]) -> None:
    """Draw the lists that are not kept yet."""
    for row in rows:
        if row.state is ListState.KEPT:
            continue
        with st.container(border=True, key=f"pp-card-list-{row.id.hex}"):
            _title(row)
            if row.state in _WORKING:
                st.fragment(_progress, run_every=_LOOK_S)(row.id, row.state)
            elif row.state is ListState.ORDERED:
                st.caption("A campaign is ordered of it. The list goes as soon as the campaign has read it.")
            elif row.state is ListState.REFUSED:
                st.error(plain(f"{row.said} Mend the file and upload it again."))
                _button("Discard", row, lists.discard, "The list is gone, with its file.")
            else:
                _checked(row)


def kept(person: Person, rows: Sequence[ListRow]) -> None:
    """Draw the lists that have an effect, and those that were removed a short while ago."""
    question.draw()
    found = [row for row in rows if row.state is ListState.KEPT]
    if not found:
        cards.empty("No list is kept yet", "Upload one above: you see first what it would do.", "list")
        return
    st.header(counted(len(found), "list"), anchor=False)
    for row in found:
        with st.container(border=True, key=f"pp-card-list-{row.id.hex}", gap="xsmall"):
            _title(row)
            st.caption(plain(_effect(row)))
            if not may(person, lists.right_to_remove(row.kind)):
                continue
            if row.removed_at:
                _button("Bring it back", row, lists.restore, "The list is back, with its marks.")
            else:
                st.button(
                    "Remove",
                    key=f"remove-{row.id.hex}",
                    type="tertiary",
                    on_click=question.ask,
                    args=(_asked(row),),
                )


def _progress(list_id: UUID, drawn_as: ListState) -> None:
    try:
        state, done, rows = lists.state(session.require_person(), list_id)
    except NotFound:
        st.rerun()
    if state is not drawn_as:
        st.rerun()
    verb = "Checking" if state is ListState.CHECKING else "Storing"
    if not done:
        st.progress(0.0, text=f"{verb} starts within a few seconds.")
    elif state is ListState.CHECKING:
        st.progress(0.0, text=f"{verb}: {number(done)} rows so far.")
    else:
        st.progress(min(1.0, done / max(rows, 1)), text=f"{verb}: row {number(done)} of {number(rows + 1)}.")


def _checked(row: ListRow) -> None:
    """What keeping it would do, and the choice."""
    figures = st.columns(4)
    figures[0].metric("Rows that can be used", number(row.usable))
    figures[1].metric("Of them in the book", number(row.known))
    figures[2].metric("Not in the book", number(row.usable - row.known))
    figures[3].metric("Rows that cannot be used", number(row.bad))
    st.markdown(plain(_would(row)))
    if row.earlier:
        st.warning(plain(f"The same file is kept as {row.earlier}."))
    if row.problems:
        with st.expander(f"{counted(row.bad, 'row')} cannot be used"):
            for place, why in row.problems[:_MOST_PROBLEMS]:
                st.caption(plain(f"Row {place:,}: {why}"))
            if row.bad > _MOST_PROBLEMS:
                st.caption(f"And {counted(row.bad - _MOST_PROBLEMS, 'more row', 'more rows')}.")
    with st.container(horizontal=True):
        if row.usable and row.kind is ListKind.OWN:
            query = draft_address.query_of_list(row.id, row.usable, is_of_book=row.is_of_book)
            if st.button(
                f"Plan a campaign of {counted(row.usable, 'row')}", key=f"plan-{row.id.hex}", type="primary"
            ):
                st.switch_page(NEW_CAMPAIGN, query_params=query)
        elif row.usable:
            skipped = f", skip {counted(row.bad, 'row')}" if row.bad else ""
            _button(
                f"Keep {counted(row.usable, 'row')}{skipped}",
                row,
                lists.keep,
                "The list is being stored.",
                "primary",
            )
        _button("Discard", row, lists.discard, "The list is gone, with its file.")


def _would(row: ListRow) -> str:
    again = f" {counted(row.repeated, 'row repeats', 'rows repeat')} another one." if row.repeated else ""
    if row.kind is ListKind.OWN:
        return f"Nothing is looked up or paid before you have seen the plan.{again}"
    if row.kind is ListKind.EXCLUSION:
        return (
            f"It would put {counted(row.entries, 'new entry', 'new entries')} on the suppression list.{again}"
        )
    return (
        f"It would mark {counted(row.companies, 'company', 'companies')} of the book as customers, and the others once"
        f" a campaign finds them.{again}"
    )


def _title(row: ListRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(row.name)}**", width="content")
        st.badge(KIND[row.kind], color=_COLOUR[row.kind])
    st.caption(
        someone(
            f"{day(local(row.created_at))} · {row.created_by or 'somebody who left'} · {row.sha256.hex()[:12]}"
        )
    )


def _effect(row: ListRow) -> str:
    if row.removed_at:
        return "Removed, with its marks. It is gone for good within a day."
    if row.kind is ListKind.EXCLUSION:
        return f"{counted(row.usable, 'row')}, {counted(row.entries, 'entry', 'entries')} of the suppression list."
    return (
        f"{counted(row.usable, 'row')}, {counted(row.companies, 'company', 'companies')} of the book marked."
    )


def _asked(row: ListRow) -> Question:
    marks = (
        "Its companies are customers no more"
        if row.kind is ListKind.CUSTOMERS
        else "Campaigns may find them again"
    )
    return Question(
        title="Remove this list?",
        body=f"{row.name}: {marks}, unless another list names them. For a day you can bring it back.",
        yes="Yes, remove it",
        act=lambda person: lists.remove(person, row.id),
        done="The list is removed. For a day you can bring it back below.",
    )


def _button(
    label: str, row: ListRow, act: Callable[[Person, UUID], None], done: str, kind: str = "secondary"
) -> None:
    key = f"{act.__name__}-{row.id.hex}"
    if st.button(label, key=key, type="primary" if kind == "primary" else "secondary"):
        said.after(lambda: act(session.require_person(), row.id), done)
        st.rerun()
