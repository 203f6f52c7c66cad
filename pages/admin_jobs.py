"""Jobs: what waits, runs and failed in the whole installation; for administrators."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from services import operations
from services.errors import Refused
from services.identity import Person
from services.operations import JobRow
from services.permissions import Right
from ui import cards, job_table, session
from ui.text import plain, someone
from ui.words import STATUS, WORTH_A_LOOK

_STATUSES = {words: status for status, (words, _) in STATUS.items()}
_CANCELLABLE = (CampaignStatus.PENDING, CampaignStatus.PROCESSING)
_RETRYABLE = (CampaignStatus.FAILED, CampaignStatus.PARTIAL, CampaignStatus.CANCELLED)
_SAID = "jobs_said"
_LOOK_S = 3.0


def main() -> None:
    """Draw the page."""
    session.require_right(Right.SEE_ALL_JOBS)
    cards.heading("Jobs", "Every campaign of this installation, and the workers that run them.")
    said = st.session_state.pop(_SAID, None)
    if said:
        st.info(plain(said))
    st.fragment(_now, run_every=_LOOK_S)()
    st.header("All jobs", anchor=False)
    words = st.selectbox(
        "State",
        [*_STATUSES, WORTH_A_LOOK[0]],
        index=None,
        key="state",
        placeholder="Any state",
        bind="query-params",
    )
    st.fragment(_jobs, run_every=_LOOK_S)(words)


def _now() -> None:
    person = session.require_right(Right.SEE_ALL_JOBS)
    job_table.counts(operations.job_counts(person))
    job_table.doubtful(operations.suspicious_count(person))
    st.header("Workers", anchor=False)
    job_table.workers(operations.workers(person))


def _jobs(words: str | None) -> None:
    person = session.require_right(Right.SEE_ALL_JOBS)
    rows = operations.jobs(person, _STATUSES.get(words or ""), only_suspicious=words == WORTH_A_LOOK[0])
    if not rows:
        cards.empty("No jobs here", "Jobs appear as soon as somebody starts a campaign.", "list")
        return
    chosen = job_table.table(rows)
    if chosen is None:
        st.caption("Select a job to retry or cancel it.")
    else:
        _actions(chosen)


def _actions(job: JobRow) -> None:
    with st.container(border=True, key="pp-card-job"):
        st.markdown(f"**{plain(job.title)}** · {someone(job.owner_email)}")
        if job.error:
            st.markdown(f":red[{plain(job.error)}]")
        if job.suspicion:
            st.markdown(f":orange[{plain(job.suspicion)}]")
        with st.container(horizontal=True):
            if job.status in _RETRYABLE and st.button("Retry", type="primary", key="retry"):
                _do(operations.retry, job.job_id, "The job waits for a worker again.")
            if job.status in _CANCELLABLE and st.button("Cancel job", key="cancel_job"):
                _do(operations.cancel_job, job.job_id, "The job stops within a few seconds.")


def _do(action: Callable[[Person, UUID], None], job_id: UUID, done: str) -> None:
    try:
        action(session.require_right(Right.STEER_ALL_JOBS), job_id)
    except Refused as refused:
        done = str(refused)
    st.session_state[_SAID] = done
    st.rerun()


main()
