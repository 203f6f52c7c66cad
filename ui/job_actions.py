"""What can be done with the ticked jobs, or with all the filters let through, after a question that says how many."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import streamlit as st

from services import job_steering
from services.errors import Refused
from services.identity import Person
from services.job_steering import Act
from services.operations import JobWhere
from ui import job_table, question, said
from ui.format import counted, number
from ui.question import Question
from ui.text import plain

_WORDS = {
    Act.RETRY: (
        "Retry",
        "They wait for a worker again; what they stored is used again.",
        "wait for a worker again",
    ),
    Act.CANCEL: (
        "Cancel",
        "They stop within a few seconds; what they found is kept.",
        "stop within a few seconds",
    ),
    Act.DELETE: (
        "Delete",
        "Their leads, history and orders go for good; what they cost stays.",
        "are deleted",
    ),
}
_ALL = "jobs_all"
_REFUSED = "jobs_refused"


def draw(person: Person, where: JobWhere, ticked: Sequence[UUID]) -> None:
    """Draw the buttons."""
    with st.container(horizontal=True, vertical_alignment="center", key="jobs-actions"):
        everything = st.toggle("All that match", key=_ALL)
        for act, (words, *_) in _WORDS.items():
            if st.button(f"{words} …", key=f"jobs_{act.value}", disabled=not (ticked or everything)):
                _ask(person, act, where, None if everything else ticked)
        if ticked and not everything:
            st.caption(f"{number(len(ticked))} ticked")
            st.button("Untick all", key="jobs_untick", type="tertiary", on_click=job_table.untick)
    if refused := st.session_state.pop(_REFUSED, None):
        st.warning(plain(refused))


def _ask(person: Person, act: Act, where: JobWhere, chosen: Sequence[UUID] | None) -> None:
    words, then, done = _WORDS[act]
    try:
        jobs = job_steering.matching(person, act, where, chosen)
    except Refused as refused:
        st.session_state[_REFUSED] = str(refused)
        return
    if not jobs:
        st.session_state[_REFUSED] = f"None of these jobs is in a state to {words.lower()} it."
        return
    many = counted(len(jobs), "job")
    question.ask(
        Question(
            title=f"{words} {many}?",
            body=then,
            yes=f"Yes, {words.lower()} {many}",
            act=partial(_carry_out, act=act, jobs=jobs, done=done),
            done="",
        )
    )
    st.rerun()


def _carry_out(person: Person, *, act: Act, jobs: Sequence[UUID], done: str) -> None:
    number_done = job_steering.carry_out(person, act, jobs)
    job_table.untick()
    left = len(jobs) - number_done
    rest = f" {counted(left, 'job')} changed meanwhile and stayed as they are." if left else ""
    said.keep(f"{counted(number_done, 'job')} {done}.{rest}", "jobs")
