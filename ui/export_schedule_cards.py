"""Files that are sent again and again, as cards: when, where to, what came of it, and what can be done."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import streamlit as st

from pipeline.delivery.places import Target
from pipeline.delivery.places import in_words as place_in_words
from pipeline.output.export_presets import known
from pipeline.timing import in_words
from services import client_links, scheduled_exports
from services.book_writing import EVERYTHING
from services.export_places import Delivery
from services.identity import Person
from services.lead_filter import in_words as filter_in_words
from services.permissions import Right
from services.scheduled_exports import IN_WORDS, PAUSED, ExportScheduleRow, SendRow
from ui import (
    export_schedule_draft,
    export_schedule_form,
    navigation,
    repeating_cards,
    said,
    session,
    viewer_time,
)
from ui.format import counted
from ui.text import plain, someone
from ui.words import Colour

_REMOVING = "is sent no more, and its history goes, with files that wait. What was sent stays where it is."
_OUTCOMES: dict[str, tuple[str, Colour]] = {
    "making": ("Under way", "blue"),
    "sent": ("Sent", "green"),
    "failed": ("Not sent", "red"),
    "let_go": ("Left out", "gray"),
    "still_running": ("Left out", "gray"),
}
_KB = 1000


def card(person: Person, row: ExportScheduleRow) -> None:
    """One schedule."""
    with st.container(border=True, key=f"pp-card-export-{row.id.hex}", gap="small"):
        st.markdown(f"**{plain(row.name)}**  \n{someone(_facts(row))}")
        st.caption(plain(f"Filters: {filter_in_words(scheduled_exports.held(row)[0], EVERYTHING)}"))
        if row.target == Target.LINK:
            _link(person, row)
        repeating_cards.why_paused(row, PAUSED)
        may_change = repeating_cards.may_change(person, row, Right.EXPORT_LEADS)
        repeating_cards.buttons(row, _REMOVING, may_change=may_change)
        if repeating_cards.is_open("change", row):
            _change(row)
        if repeating_cards.is_open("history", row):
            _history(person, row)


def _link(person: Person, row: ExportScheduleRow) -> None:
    """The link as a cell of a spreadsheet takes it, for who may see links."""
    links = [link for link in client_links.listing(person) if link.schedule_id == row.id and link.is_open]
    if not links:
        st.caption("Its link is closed, or its time is over. Its maker makes another one by Change and Save.")
        return
    st.code(client_links.formula(links[0].id), language=None, wrap_lines=True)
    until = f"{viewer_time.local(links[0].expires_at):%a %Y-%m-%d}"
    st.caption(
        f"In a cell of Google Sheets, until {until}. Whoever has it reads the file; Client links closes it."
    )


def _facts(row: ExportScheduleRow) -> str:
    format = known().get(row.format)
    facts = [
        f"{in_words(row.cron)} ({row.time_zone})",
        *([f"next {viewer_time.local(row.next_at):%a %Y-%m-%d %H:%M}"] if row.next_at else []),
        f"{format.label if format else row.format} to {place_in_words(row.target, row.place)}",
        f"made by {row.created_by or 'somebody who left'}",
    ]
    return " · ".join(facts)


def _change(row: ExportScheduleRow) -> None:
    key = row.id.hex
    wanted = export_schedule_form.fields(key, export_schedule_form.of_row(row), repeating_cards.wrong(key))
    with st.container(horizontal=True):
        export_schedule_form.buttons("Save", key, wanted, partial(_save, key, row.id), row.id)
        if st.button("Choose other filters", key=f"filters-{key}"):
            export_schedule_draft.start(row.id)
            st.switch_page(navigation.LEADS)


def _save(key: str, schedule_id: UUID, wanted: Delivery) -> None:
    """A callback."""
    if repeating_cards.done(key, lambda person: scheduled_exports.change(person, schedule_id, wanted)):
        for name in [name for name in st.session_state if str(name).endswith(f"_{key}")]:
            del st.session_state[name]
        repeating_cards.close()
        said.keep("The schedule is changed.")


def _history(person: Person, row: ExportScheduleRow) -> None:
    found = scheduled_exports.runs(person, row.id)
    for run in found:
        _run(run)
    if row.runs > len(found):
        st.caption(f"These are the last {len(found)}.")


def _run(run: SendRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        words, colour = _OUTCOMES[run.outcome]
        st.badge(words, color=colour)
        st.markdown(plain(_said_of(run)), width="content")
        if run.has_file:
            st.link_button("Download", f"/exports/{run.id}", type="tertiary")
        if run.can_send_again:
            st.button(
                "Send again", key=f"again-{run.id.hex}", type="tertiary", on_click=_again, args=(run.id,)
            )


def _again(run_id: UUID) -> None:
    """A callback."""
    said.after(
        lambda: scheduled_exports.send_again(session.require_person(), run_id),
        "It is sent again within a minute.",
    )


def _said_of(run: SendRow) -> str:
    missed = f"{counted(run.missed, 'time')} after it passed while nothing ran" if run.missed else ""
    size = ""
    if run.row_count is not None:
        size = f"{counted(run.row_count, 'lead')}, {max(1, round((run.bytes or 0) / _KB)):,} kB"
    left_out = f"{counted(run.left_out, 'lead')} left out" if run.left_out else ""
    to = "" if run.place in (None, "mail", "link") else f"to {run.place}"
    again = f"tried again {viewer_time.local(run.try_at):%H:%M}" if run.said and run.try_at else ""
    due = f"Due {viewer_time.local(run.due_at):%a %Y-%m-%d %H:%M}"
    parts = (due, size, left_out, to, run.said.rstrip("."), again, IN_WORDS.get(run.outcome, ""), missed)
    return " · ".join(part for part in parts if part)
