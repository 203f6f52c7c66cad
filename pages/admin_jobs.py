"""Jobs: what waits, runs and failed in the whole installation; for administrators."""

from __future__ import annotations

import streamlit as st

from services import operations
from services.errors import Refused
from services.permissions import Right
from ui import cards, job_actions, job_filters, job_panel, job_table, question, session, worker_cards
from ui.job_filters import Chosen
from ui.said import show
from ui.text import plain

_LOOK_S = 3.0
_SAID = "jobs"


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.SEE_ALL_JOBS)
    cards.heading("Jobs", "Every campaign of this installation, and the workers that run them.")
    question.draw()
    st.fragment(_now, run_every=_LOOK_S)()
    st.header("All jobs", anchor=False)
    chosen = job_filters.draw(operations.failures(person))
    st.fragment(_jobs, run_every=_LOOK_S)(chosen)


def _now() -> None:
    person = session.require_right(Right.SEE_ALL_JOBS)
    show(_SAID)
    attention = operations.attention(person)
    worker_cards.queue(is_paused=attention.is_paused, place=_SAID)
    job_table.doubtful(attention.suspicious)
    st.header("Workers", anchor=False)
    worker_cards.draw(operations.workers(person), _SAID)


def _jobs(chosen: Chosen) -> None:
    person = session.require_right(Right.SEE_ALL_JOBS)
    job_table.counts(operations.job_counts(person, chosen.where))
    page = operations.jobs(person, chosen.where, chosen.sort, job_table.cursor(chosen))
    if not page.rows:
        cards.empty("No jobs here", "Jobs appear as soon as somebody starts a campaign.", "list")
        return
    ticked = job_table.table(page.rows)
    job_table.pager(chosen, page.next_cursor)
    job_actions.draw(person, chosen.where, ticked)
    if len(ticked) == 1:
        try:
            job_panel.draw(person, ticked[0])
        except Refused as refused:
            st.caption(plain(str(refused)))


main()
