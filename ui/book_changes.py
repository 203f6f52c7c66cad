"""Working on several companies at once: what to change, for how many, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from ui import book_again, book_erase, book_hand_off, book_suppress, said, session
from ui.format import counted, number
from ui.viewer_time import DAY_TYPED, today
from ui.words import TEAM_STATUS

_BEFORE = "book_before"
_STATUSES = {words: status for status, words in TEAM_STATUS.items()}
_NOBODY = "Nobody"
_HERE = "book_changes"
_FIELDS = ("status", "owner", "day", "no_day", "adds", "takes")


def outcome(person: Person) -> None:
    """Draw what the last change came to, with the way back."""
    _undo()
    book_suppress.outcome(person)


def bar(
    person: Person, ticked: Sequence[UUID], filter: LeadFilter, matching: int, choices: LeadChoices
) -> None:
    """Draw what can be done with the ticked companies, or with all that match."""
    if not may(person, Right.WORK_LEADS) or not matching:
        return
    with st.popover("Change …", key=book_suppress.CHANGES, on_change="rerun"):
        said.show(_HERE)
        everything = _is_about_all(ticked, min(matching, book_work.MOST_AT_ONCE))
        companies = partial(_companies, person, tuple(() if everything else ticked), filter)
        with st.form("book_change_form", border=False):
            people = _fields(choices)
            count = min(matching if everything else len(ticked), book_work.MOST_AT_ONCE)
            label = f"Change {counted(count, 'company', 'companies')}"
            st.form_submit_button(
                label, type="primary", key="book_change_go", on_click=_apply, args=(companies, people)
            )
        book_again.offer(person, companies, count)
        book_hand_off.offer(person, companies, count)
        book_suppress.offer(person, companies, count)
        book_erase.offer(person, companies)
    # Behind the popover, so that it is closed before the question can be answered: closing it is a run of the whole
    # page, which would cut off the one that a click on the question began.
    book_suppress.question()
    book_erase.question()


def _companies(person: Person, ticked: Sequence[UUID], filter: LeadFilter) -> Sequence[UUID]:
    return ticked or book_work.matching(person, filter, today())


def _is_about_all(ticked: Sequence[UUID], matching: int) -> bool:
    """What is ticked is meant, unless somebody says otherwise; without ticks all that match."""
    if ticked:
        return st.toggle(f"All that match ({number(matching)}), not the ticked ones alone", key="book_all")
    st.caption("All that match the filters. Tick rows of the table to change these alone.")
    return True


def _fields(choices: LeadChoices) -> dict[str, UUID]:
    """Draw what can be changed; returns the people by their addresses."""
    people = {email: user for user, email in choices.people}
    st.selectbox("Status", list(_STATUSES), index=None, key="bulk_status", placeholder="As it is")
    st.selectbox("Owner", [_NOBODY, *people], index=None, key="bulk_owner", placeholder="As it is")
    st.date_input("Follow-up on", value=None, key="bulk_day", format=DAY_TYPED)
    st.checkbox("Take the follow-up away", key="bulk_no_day")
    st.multiselect("Add tags", choices.tags, key="bulk_adds", accept_new_options=True, select_all=False)
    st.multiselect("Take tags away", choices.tags, key="bulk_takes", select_all=False)
    return people


def _wanted(people: Mapping[str, UUID]) -> Change:
    status, owner, day, no_day, adds, takes = (st.session_state[f"bulk_{name}"] for name in _FIELDS)
    return Change(
        status=_STATUSES[status] if status else None,
        sets_owner=owner is not None,
        owner_id=people.get(owner or ""),
        sets_follow_up=day is not None or no_day,
        follow_up_on=None if no_day else day,
        adds=tuple(adds),
        takes=tuple(takes),
    )


def _apply(companies: book_suppress.Companies, people: Mapping[str, UUID]) -> None:
    """A callback: with the fields closed, as they would lie over what came of it and the way back."""
    wanted = _wanted(people)
    if wanted == Change():
        said.keep_refusal("Choose what to change.", _HERE)
        return
    st.session_state[book_suppress.CHANGES] = False
    try:
        chosen = companies()
        # Thousands take a while: the lists they stand in are many.
        with st.spinner(f"Changing {counted(len(chosen), 'company', 'companies')} …", show_time=True):
            st.session_state[_BEFORE] = book_work.change(session.require_person(), chosen, wanted)
    except Refused as refused:
        said.keep_refusal(str(refused))


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
