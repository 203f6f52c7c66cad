"""What a list of leads shows, to be sent regularly: as a file of its own, or in place of what a schedule sends."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import streamlit as st

from services import export_choices, scheduled_exports
from services.book_writing import EVERYTHING
from services.export_places import Delivery
from services.identity import Person
from services.lead_filter import LeadFilter
from services.lead_filter import in_words as filter_in_words
from services.permissions import Right, may
from services.results import LeadSort
from services.scheduled_exports import ExportScheduleRow
from ui import (
    export_place_fields,
    export_schedule_form,
    kept,
    lead_columns,
    navigation,
    repeating_cards,
    said,
    schedule_form,
    view_address,
)
from ui.export_schedule_form import Start
from ui.lead_list import LeadList
from ui.text import plain

NEW = "export"
"""What an address has of a new one."""
_DRAFT = "export_draft"
_FOR = "export_for"
_ALL = "Leads"
_KEY = "new_export"
_NEW, _THERE = "Send another file", "Change the filters of one there is"


def offer(of: LeadList, shown: tuple[LeadFilter, LeadSort]) -> None:
    """Below the downloads of a list of leads: the way to have what it shows sent regularly."""
    person, view = of.person, view_address.opened(of.views)
    if person.guest_until is not None or not may(person, Right.EXPORT_LEADS):
        return
    if st.button("Export on a schedule", key="export_on_schedule", icon=":material/schedule_send:"):
        columns = lead_columns.as_exported(lead_columns.chosen())
        st.session_state[_DRAFT] = (person.workspace_id, *shown, view.name if view else _ALL, [*columns])
        st.switch_page(navigation.SCHEDULES, query_params={NEW: "new"})


def start(schedule_id: UUID) -> None:
    """Other filters are chosen on the list of leads for this schedule, which says how."""
    st.session_state[_FOR] = schedule_id
    said.keep(
        "Choose filters, then Download, “Export on a schedule”: there they take the place of those there are."
    )


def new(person: Person) -> None:
    """The form of what a list showed."""
    of, *draft = st.session_state.get(_DRAFT, (None,))
    if of != person.workspace_id:
        st.info("Choose filters on Leads, or open a view there, then Download, “Export on a schedule”.")
        return
    filter, sort, called, columns = draft
    with st.container(border=True, key="pp-card-new-export"):
        st.header("Send a file regularly", anchor=False)
        st.caption(plain(f"It holds what Leads showed. Filters: {filter_in_words(filter, EVERYTHING)}."))
        theirs = [
            row
            for row in scheduled_exports.listing(person)
            if repeating_cards.may_change(person, row, Right.EXPORT_LEADS)
        ]
        begun = any(row.id == st.session_state.get(_FOR) for row in theirs)
        if theirs and _wants_other_filters(begun=begun):
            _of_one_there_is(theirs, filter, sort)
            return
        begins = Start(
            times=schedule_form.usual_times(called),
            columns=columns,
            spelling=export_choices.choices(person).spelling,
        )
        kept.keep(_KEY, (f"{name}_{_KEY}" for name in export_place_fields.KEYS))
        wanted = export_schedule_form.fields(_KEY, begins, repeating_cards.wrong(_KEY))
        with st.container(horizontal=True):
            export_schedule_form.buttons("Send from now on", _KEY, wanted, partial(_add, filter, sort), None)
            _cancel()


def _wants_other_filters(*, begun: bool) -> bool:
    wanted = st.radio("What to do with them", (_NEW, _THERE), int(begun), key=f"for_{_KEY}", horizontal=True)
    return wanted == _THERE


def _of_one_there_is(theirs: list[ExportScheduleRow], filter: LeadFilter, sort: LeadSort) -> None:
    ids = [row.id for row in theirs]
    wanted = st.session_state.get(_FOR)
    by_id = {row.id: row for row in theirs}
    chosen = st.selectbox(
        "Schedule",
        ids,
        ids.index(wanted) if wanted in by_id else 0,
        format_func=lambda each: by_id[each].name,
        key=f"schedule_{_KEY}",
    )
    held, _ = scheduled_exports.held(by_id[chosen])
    st.caption(plain(f"Its filters so far: {filter_in_words(held, EVERYTHING)}."))
    with st.container(horizontal=True):
        st.button(
            "Change its filters",
            type="primary",
            key=f"save-{_KEY}",
            on_click=_refilter,
            args=(chosen, filter, sort),
        )
        _cancel()


def _cancel() -> None:
    st.button("Cancel", key="export_cancel", on_click=_forget)


def _refilter(schedule_id: UUID, filter: LeadFilter, sort: LeadSort) -> None:
    """A callback."""
    if repeating_cards.done(
        _KEY, lambda person: scheduled_exports.refilter(person, schedule_id, filter, sort)
    ):
        _forget()
        repeating_cards.close()
        said.keep("The next file holds what these filters let through.")


def _add(filter: LeadFilter, sort: LeadSort, wanted: Delivery) -> None:
    """A callback."""
    wish = (filter, sort, wanted)
    if repeating_cards.made(_KEY, wish, lambda person: scheduled_exports.add(person, *wish)):
        _forget()
        said.keep("The file is sent from now on.")


def _forget() -> None:
    """A callback: nothing of the new one is kept, least of all its secrets."""
    for name in [name for name in st.session_state if str(name).endswith(f"_{_KEY}")]:
        del st.session_state[name]
    kept.forget(_KEY)
    for name in (_DRAFT, _FOR):
        st.session_state.pop(name, None)
    st.query_params.clear()
