"""One job in all its detail, for administrators."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from services import job_detail, job_steering
from services.errors import Refused
from services.identity import Person
from services.job_detail import JobDetail, JobSummary
from services.operations import JobRow
from ui import job_story, navigation, said
from ui.format import money
from ui.text import plain, someone
from ui.words import STATUS

_OPENED, _CURSORS = "job_opened", "job_call_cursors"


def read(person: Person, job_id: UUID) -> JobDetail | JobSummary | str:
    """What there is to draw of a job: what happened once somebody opened it, which is recorded. Why not, when there is
    nothing."""
    try:
        if st.session_state.get(_OPENED) != job_id:
            return job_detail.summary(person, job_id)
        seen = _seen()
        return job_detail.look(person, job_id, seen[-1] if seen else None)
    except Refused as refused:
        return str(refused)


def draw(person: Person, summary: JobDetail | JobSummary | str) -> None:
    """Draw it below the table."""
    if isinstance(summary, str):
        st.caption(plain(summary))
        return
    job, job_id = summary.job, summary.job.job_id
    detail = summary if isinstance(summary, JobDetail) else None
    with st.container(border=True, key="pp-card-job"):
        _head(job)
        with st.container(horizontal=True):
            if job.status is CampaignStatus.PENDING and st.button("Run next", type="primary", key="run_next"):
                said.after(
                    lambda: job_steering.run_next(person, job_id),
                    "It is the next one a worker takes.",
                    "jobs",
                )
                st.rerun()
            if detail is None:
                st.button("Look into it", key="look_into", on_click=_open, args=(person, job_id))
            if summary.is_own and st.button("Its campaign", key="its_campaign"):
                navigation.open_progress(job.campaign_id)
        if detail is not None:
            job_story.draw(detail)
            _pager(_seen(), detail.next_cursor)
            st.caption(f"Job {job.job_id} · campaign {job.campaign_id} · {plain(money(job.spent_micros))}")
            if not detail.is_own:
                st.caption(
                    "Its leads are for its workspace alone. That you looked into it is in the audit log."
                )


def _head(job: JobRow) -> None:
    words, colour = STATUS[job.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(job.title)}**", width="content")
        st.badge(words, color=colour)
    st.caption(someone(f"{job.owner_email} · {job.workspace} · attempt {job.attempt}"))
    for problem, shade in ((job.error, "red"), (job.suspicion, "orange")):
        if problem:
            st.markdown(f":{shade}[{plain(problem)}]")


def _open(person: Person, job_id: UUID) -> None:
    """A callback."""
    job_detail.opened(person, job_id)
    st.session_state[_OPENED] = job_id
    _turn(())


def _pager(seen: tuple[str, ...], next_cursor: str | None) -> None:
    """The way to the pages of calls before and behind."""
    with st.container(horizontal=True):
        if seen:
            st.button("Newer calls", key="newer_calls", on_click=_turn, args=(seen[:-1],))
        if next_cursor:
            st.button("Older calls", key="older_calls", on_click=_turn, args=((*seen, next_cursor),))


def _seen() -> tuple[str, ...]:
    """Where the pages of calls up to this one begin."""
    cursors: tuple[str, ...] = st.session_state.get(_CURSORS, ())
    return cursors


def _turn(cursors: tuple[str, ...]) -> None:
    """A callback."""
    st.session_state[_CURSORS] = cursors
