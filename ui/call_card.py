"""The company to call now: its number, its time of day, and a button for each thing that may come of the call."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from services import call_list
from services.book import Company
from services.call_list import LONGEST_NOTE, Called, CallRow, Outcome
from services.errors import Refused
from services.opening import opening
from ui import address, company_head, company_timeline, keyboard, once, said, session
from ui.format import day
from ui.text import plain
from ui.viewer_time import DAY_TYPED, today
from ui.words import TEAM_STATUS

_COMPANY, _SKIPPED, _UNDO, _NOTE, _DAY = "company", "calls_skipped", "call_undo", "call_note", "call_day"
_OUTCOMES = {
    Outcome.NO_ANSWER: ("No answer", ":material/phone_missed:"),
    Outcome.CALL_BACK: ("Call back", ":material/phone_callback:"),
    Outcome.INTERESTED: ("Interested", ":material/thumb_up:"),
    Outcome.NOT_INTERESTED: ("Not interested", ":material/thumb_down:"),
    Outcome.WRONG_NUMBER: ("Wrong number", ":material/wrong_location:"),
    Outcome.WON: ("Won", ":material/trophy:"),
}
_SATURDAY = 5


def opened() -> UUID | None:
    """The company the address names; one that somebody comes back to by a reload or an undo."""
    try:
        return UUID(st.query_params.get(_COMPANY, "")[:64])
    except ValueError:
        return None


def skipped() -> tuple[UUID, ...]:
    """Companies that were passed over since the page was opened."""
    passed: tuple[UUID, ...] = st.session_state.get(_SKIPPED, ())
    return passed


def card(company: Company) -> None:
    """Draw the company, and what can come of the call."""
    row, lead = company.row, company.row.lead
    # It stays while somebody talks, whatever opens or closes elsewhere.
    address.write({_COMPANY: [row.company_id.hex]})
    with st.container(border=True, key="pp-card-call"):
        st.header(plain(lead.name), anchor=False)
        about = (lead.category_label, lead.whereabouts, TEAM_STATUS[row.status])
        st.caption(plain(" · ".join(part for part in about if part)))
        if now := opening(lead, company.read_at):
            company_head.hours(now)
        if row.follow_up_on:
            st.caption(f":material/event: To be followed up on {day(row.follow_up_on)}")
        if lead.phone:
            st.link_button(
                f"Call {lead.phone}",
                f"tel:{lead.phone}",
                type="primary",
                width="stretch",
                icon=":material/smartphone:" if lead.has_mobile else ":material/call:",
                help="A mobile number" if lead.has_mobile else None,
            )
        written = (act for act in company.activities if act.kind == "note" and not act.is_deleted)
        if note := next(written, None):
            st.caption(company_timeline.in_words(note.kind, note.detail))
        _outcomes(row.company_id)


def _outcomes(company_id: UUID) -> None:
    """Each company has buttons of its own: a second click meant for one is none on the next."""
    st.text_area("Note", key=_NOTE, max_chars=LONGEST_NOTE, height=80, placeholder="What was said …")
    st.date_input(
        "Call again on", value=_next_working_day(today()), min_value=today(), key=_DAY, format=DAY_TYPED,
        help="For no answer, call back and interested.",
    )  # fmt: skip
    with st.container(horizontal=True, key="pp-outcomes"):
        for shortcut, (outcome, (label, icon)) in zip(keyboard.OUTCOMES, _OUTCOMES.items(), strict=True):
            st.button(
                label, key=f"call_{outcome}_{company_id.hex}", icon=icon, width="stretch", shortcut=shortcut,
                on_click=_note, args=(company_id, outcome),
            )  # fmt: skip
    st.button(
        "Skip for now",
        key=f"call_skip_{company_id.hex}",
        type="tertiary",
        shortcut=keyboard.SKIP,
        on_click=_skip,
        args=(company_id,),
    )


def why(row: CallRow) -> str:
    """Why a company comes up when it does."""
    if row.is_due and row.follow_up_on:
        return f"follow-up {day(row.follow_up_on)}"
    return company_head.in_words(row.opening) if row.opening else ""


def undo() -> None:
    """Draw what the last call came to, and the way back."""
    last: tuple[Called, str] | None = st.session_state.get(_UNDO)
    if last is None:
        return
    called, told = last
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(plain(told))
        st.button("Undo", key="call_take_back", on_click=_take_back, args=(called,))


def start_again() -> None:
    """Draw the way back to those that were passed over."""
    if skipped():
        st.button("Start again with who was skipped", type="primary", key="call_again", on_click=_start_again)


def next_one() -> None:
    """Draw the way to the next company."""
    st.button("Next company", key="call_next", on_click=_leave)


def _note(company_id: UUID, outcome: Outcome) -> None:
    # After the first of two clicks the day is gone already.
    written, again_on = st.session_state.get(_NOTE, ""), st.session_state.get(_DAY)
    person = session.require_person()
    try:
        called = once.once(
            ("call", company_id, outcome),
            lambda: call_list.note(person, company_id, outcome, written, again_on),
        )
    except Refused as refused:
        said.keep_refusal(str(refused))
        return
    st.session_state[_UNDO] = (called, f"{_OUTCOMES[outcome][0]}: kept. Here is the next one.")
    _leave()


def _take_back(called: Called) -> None:
    if said.after(lambda: call_list.undo(session.require_person(), called), "Taken back."):
        address.write({_COMPANY: [called.before.company_id.hex]})
    once.forget()
    st.session_state.pop(_UNDO, None)


def _skip(company_id: UUID) -> None:
    st.session_state[_SKIPPED] = (*skipped(), company_id)
    st.session_state.pop(_UNDO, None)
    _leave()


def _start_again() -> None:
    st.session_state.pop(_SKIPPED, None)


def _leave() -> None:
    address.write({_COMPANY: []})
    st.session_state[_NOTE] = ""
    st.session_state.pop(_DAY, None)


def _next_working_day(now: date) -> date:
    day_after = now + timedelta(days=1)
    return day_after + timedelta(
        days=max(0, 7 - day_after.weekday()) if day_after.weekday() >= _SATURDAY else 0
    )
