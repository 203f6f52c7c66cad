"""Jobs: what waits, runs and failed in the whole installation; for administrators."""

from __future__ import annotations

import streamlit as st

from services import operations
from services.permissions import Right
from ui import (
    cards,
    job_actions,
    job_filters,
    job_live,
    job_panel,
    job_table,
    live,
    question,
    session,
    worker_cards,
)
from ui.job_filters import Chosen
from ui.job_live import Jobs, Now
from ui.said import show

# Two parts in one rhythm would get into each other's way.
_LOOK_S, _WORKERS_S = 3.0, 5.0
_SAID = "jobs"


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.SEE_ALL_JOBS)
    cards.heading("Jobs", "Every campaign of this installation, and the workers that run them.")
    question.draw()
    live.part("workers", _WORKERS_S, job_live.now, _now)
    st.header("All jobs", anchor=False)
    chosen = job_filters.draw(operations.failures(person))
    live.part(
        "jobs",
        _LOOK_S,
        lambda: job_live.jobs(chosen),
        lambda found: _jobs(chosen, found),
        of=chosen.view,
    )


def _now(now: Now) -> None:
    show(_SAID)
    worker_cards.queue(is_paused=now.attention.is_paused, place=_SAID)
    job_table.doubtful(now.attention.suspicious)
    st.header("Workers", anchor=False)
    worker_cards.draw(now.workers, now.last_jobs, _SAID)


def _jobs(chosen: Chosen, found: Jobs) -> None:
    job_table.counts(found.counts)
    if not found.page.rows:
        cards.empty("No jobs here", "Jobs appear as soon as somebody starts a campaign.", "list")
        return
    job_table.table(found.page.rows)
    job_table.pager(chosen, found.page.next_cursor)
    job_actions.draw(found.person, chosen.where, job_table.ticked())
    if found.one is not None:
        job_panel.draw(found.person, found.one)


main()
