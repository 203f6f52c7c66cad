"""What cards of all that repeats share: pausing, resuming, running and removing it, and what is open of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

import streamlit as st

from services import schedules
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from services.schedules import Repeating
from ui import once, question, refused, said, session
from ui.format import counted
from ui.question import Question

_WRONG = "schedule_errors"
_OPEN = "schedule_open"


def why_paused(row: Repeating, words: Mapping[str, str]) -> None:
    """Say that it is paused and why, if it is."""
    if row.pause_cause:
        (st.info if row.pause_cause == "person" else st.warning)(f"{words[row.pause_cause]}.")


def may_change(person: Person, row: Repeating, right: Right) -> bool:
    """As the database has it: who made it, and admins."""
    leads = person.role.value in ("owner", "admin")
    return may(person, right) and (leads or row.creator_id == person.id)


def buttons(row: Repeating, removing: str, *, may_change: bool) -> None:
    """What can be done; ``removing`` says what goes with it and what stays."""
    with st.container(horizontal=True):
        if may_change and row.paused_at:
            _button(
                "Resume", row, schedules.resume, "It is resumed. What passed meanwhile is not made up for."
            )
        elif may_change:
            _button("Run now", row, schedules.run_now, "It is begun within a minute.")
            _button("Pause", row, schedules.pause, "It is paused. What runs goes on.")
        if may_change:
            _toggle("Change", "change", row)
        if row.runs:
            _toggle(f"History: {counted(row.runs, 'time')}", "history", row)
        if may_change:
            st.button(
                "Remove", key=f"remove-{row.id.hex}", on_click=_ask, args=(row, removing), type="tertiary"
            )


def is_open(what: str, row: Repeating) -> bool:
    """One thing of one card is open at a time, so that a page asks for no more than one history."""
    return bool(st.session_state.get(_OPEN) == (what, row.id))


def close() -> None:
    """Nothing of any card is open."""
    st.session_state[_OPEN] = None


def wrong(key: str) -> dict[str, str]:
    """What was refused of the form with this key, by its fields."""
    of, found = st.session_state.get(_WRONG, ("", {}))
    return dict(found) if of == key else {}


def made(key: str, wish: object, act: Callable[[Person], object]) -> bool:
    """Make what the form with this key asks for, once for a double click; whether it was not refused."""
    return done(key, lambda person: once.once((key, wish), lambda: act(person)))


def done(key: str, act: Callable[[Person], object]) -> bool:
    """Do what the form with this key asks for; whether it was not refused."""
    st.session_state.pop(_WRONG, None)
    try:
        act(session.require_person())
    except Refused as error:
        st.session_state[_WRONG] = (key, refused.sentences(error))
        return False
    return True


def _toggle(label: str, what: str, row: Repeating) -> None:
    def turn() -> None:
        was_open = is_open(what, row)
        st.session_state[_OPEN] = None if was_open else (what, row.id)
        st.session_state.pop(_WRONG, None)

    shown = "Close" if is_open(what, row) else label
    st.button(shown, key=f"{what}-{row.id.hex}", on_click=turn, type="tertiary")


def _button(label: str, row: Repeating, act: Callable[[Person, UUID], None], told: str) -> None:
    def do() -> None:
        said.after(lambda: act(session.require_person(), row.id), told)

    st.button(label, key=f"{label}-{row.id.hex}", on_click=do)


def _ask(row: Repeating, removing: str) -> None:
    question.ask(
        Question(
            title="Remove this schedule?",
            body=f"{row.name} {removing}",
            yes="Remove",
            act=partial(_remove, row.id),
            done="The schedule is removed.",
        )
    )


def _remove(schedule_id: UUID, person: Person) -> None:
    schedules.remove(person, schedule_id)
