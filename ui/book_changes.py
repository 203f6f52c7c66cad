"""Working on several companies at once: what to change, for how many, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import streamlit as st

from services import book_work
from services.book_work import Change, Standing
from services.errors import Refused
from services.identity import Person
from services.lead_choices import LeadChoices
from services.lead_filter import LeadFilter
from services.permissions import Right, may
from ui import book_again, book_erase, book_suppress, said, session
from ui.format import counted, number
from ui.text import plain
from ui.viewer_time import today
from ui.words import TEAM_STATUS

_BEFORE = "book_before"
_STATUSES = {words: status for status, words in TEAM_STATUS.items()}
_NOBODY = "Nobody"


def outcome(person: Person) -> None:
    """Draw what the last change came to, with the way back, and the question that is open, if one is."""
    _undo()
    book_suppress.outcome(person)
    book_erase.question()


def bar(
    person: Person, ticked: Sequence[UUID], filter: LeadFilter, matching: int, choices: LeadChoices
) -> None:
    """Draw what can be done with the ticked companies, or with all that match."""
    if not may(person, Right.WORK_LEADS) or not matching:
        return
    with st.popover("Change …", key=book_suppress.CHANGES, on_change="rerun"):
        everything = _is_about_all(ticked, min(matching, book_work.MOST_AT_ONCE))
        with st.form("book_change_form", border=False):
            wanted = _wanted(choices)
            count = min(matching if everything else len(ticked), book_work.MOST_AT_ONCE)
            label = f"Change {counted(count, 'company', 'companies')}"
            if st.form_submit_button(label, type="primary", key="book_change_go"):
                _apply(filter, () if everything else ticked, wanted)
        chosen = tuple(() if everything else ticked)
        companies = partial(_companies, person, chosen, filter)
        book_again.offer(person, companies, count)
        book_suppress.offer(person, companies, count)
        book_erase.offer(person, companies, count)


def _companies(person: Person, ticked: Sequence[UUID], filter: LeadFilter) -> Sequence[UUID]:
    return ticked or book_work.matching(person, filter, today())


def _is_about_all(ticked: Sequence[UUID], matching: int) -> bool:
    """What is ticked is meant, unless somebody says otherwise; without ticks all that match."""
    if ticked:
        return st.toggle(f"All that match ({number(matching)}), not the ticked ones alone", key="book_all")
    st.caption("All that match the filters. Tick rows of the table to change these alone.")
    return True


def _wanted(choices: LeadChoices) -> Change:
    people = {email: user for user, email in choices.people}
    status = st.selectbox("Status", list(_STATUSES), index=None, key="bulk_status", placeholder="As it is")
    owner = st.selectbox("Owner", [_NOBODY, *people], index=None, key="bulk_owner", placeholder="As it is")
    day = st.date_input("Follow-up on", value=None, key="bulk_day")
    no_day = st.checkbox("Take the follow-up away", key="bulk_no_day")
    adds = st.multiselect(
        "Add tags", choices.tags, key="bulk_adds", accept_new_options=True, select_all=False
    )
    takes = st.multiselect("Take tags away", choices.tags, key="bulk_takes", select_all=False)
    return Change(
        status=_STATUSES[status] if status else None,
        sets_owner=owner is not None,
        owner_id=people.get(owner or ""),
        sets_follow_up=day is not None or no_day,
        follow_up_on=None if no_day else day,
        adds=tuple(adds),
        takes=tuple(takes),
    )


def _apply(filter: LeadFilter, ticked: Sequence[UUID], wanted: Change) -> None:
    if wanted == Change():
        st.warning("Choose what to change.")
        return
    person = session.require_person()
    try:
        companies = ticked or book_work.matching(person, filter, today())
        # Thousands take a while: the lists they stand in are many.
        with st.spinner(f"Changing {counted(len(companies), 'company', 'companies')} …", show_time=True):
            before = book_work.change(person, companies, wanted)
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    st.session_state[_BEFORE] = before
    st.rerun()


def _undo() -> None:
    before: tuple[Standing, ...] | None = st.session_state.get(_BEFORE)
    if before is None:
        return
    if not before:
        st.info("Nothing had to be changed: all of them were like that.")
        del st.session_state[_BEFORE]
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"{counted(len(before), 'company', 'companies')} changed.")
        st.button("Undo", key="book_undo", on_click=_take_back, args=(before,))
        st.button("Keep", key="book_keep", type="tertiary", on_click=_keep)


def _take_back(before: Sequence[Standing]) -> None:
    done = f"{counted(len(before), 'company is', 'companies are')} as before."
    with st.spinner("Taking it back …", show_time=True):
        said.after(lambda: book_work.undo(session.require_person(), before), done)
    _keep()


def _keep() -> None:
    st.session_state.pop(_BEFORE, None)
