"""One job in all its detail, for administrators."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from pipeline.providers.registry import registry
from services import job_detail, job_steering
from services.identity import Person
from services.job_detail import JobDetail
from ui import navigation, said
from ui.format import duration, money
from ui.text import plain, someone
from ui.viewer_time import to_the_second
from ui.words import STATUS

_OPENED = "job_opened"


def draw(person: Person, job_id: UUID) -> None:
    """Draw it below the table: the parts that say what happened once somebody opened it, which is recorded. Raises
    NotFound."""
    detail = job_detail.look(person, job_id)
    job = detail.job
    words, colour = STATUS[job.status]
    with st.container(border=True, key="pp-card-job"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(job.title)}**", width="content")
            st.badge(words, color=colour)
        st.caption(someone(f"{job.owner_email} · {job.workspace} · attempt {job.attempt}"))
        for problem, shade in ((job.error, "red"), (job.suspicion, "orange")):
            if problem:
                st.markdown(f":{shade}[{plain(problem)}]")
        with st.container(horizontal=True):
            if job.status is CampaignStatus.PENDING and st.button("Run next", type="primary", key="run_next"):
                said.after(
                    lambda: job_steering.run_next(person, job_id),
                    "It is the next one a worker takes.",
                    "jobs",
                )
                st.rerun()
            if st.session_state.get(_OPENED) != job_id:
                st.button("Look into it", key="look_into", on_click=_open, args=(person, job_id))
            if detail.is_own and st.button("Its campaign", key="its_campaign"):
                navigation.open_progress(job.campaign_id)
        if st.session_state.get(_OPENED) == job_id:
            _inside(detail)


def _open(person: Person, job_id: UUID) -> None:
    """A callback."""
    job_detail.opened(person, job_id)
    st.session_state[_OPENED] = job_id


def _inside(detail: JobDetail) -> None:
    left, right = st.columns(2)
    with left:
        st.markdown("**Stages of the last run**")
        _stages(detail)
    with right:
        st.markdown("**Questions**")
        _calls(detail)
    st.markdown("**What happened**")
    _moments(detail)
    job = detail.job
    st.caption(f"Job {job.job_id} · campaign {job.campaign_id} · {plain(money(job.spent_micros))}")
    if not detail.is_own:
        st.caption("Its leads are for its workspace alone. That you looked into it is in the audit log.")


def _stages(detail: JobDetail) -> None:
    st.dataframe(
        [{"Stage": row.stage.label, "Took": _took(row.seconds)} for row in detail.stages],
        hide_index=True,
        key="job_stages",
        alt="Stages, one per row",
    )


def _calls(detail: JobDetail) -> None:
    if not detail.calls:
        st.caption("It asked no provider.")
        return
    labels = {spec.key: spec.label for spec in registry()}
    st.dataframe(
        [
            {
                "Provider": labels.get(row.provider, row.provider),
                "Calls": row.calls,
                "Cost": money(row.cost_micros),
                "Uncertain": money(row.uncertain_micros),
            }
            for row in detail.calls
        ],
        hide_index=True,
        placeholder="–",
        key="job_calls",
        alt="Providers, one per row",
    )


def _moments(detail: JobDetail) -> None:
    st.dataframe(
        [
            {
                "Time": to_the_second(moment.at),
                "Stage": moment.stage.label,
                "Progress": f"{moment.progress} %",
                "Message": moment.message,
            }
            for moment in reversed(detail.moments)
            if moment.message
        ],
        hide_index=True,
        key="job_moments",
        alt="What happened, one moment per row",
    )


def _took(seconds: int | None) -> str:
    return "is in it" if seconds is None else duration(seconds)
