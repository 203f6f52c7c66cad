"""What happened in a job, for administrators: stages, attempts, errors, log and every call."""

from __future__ import annotations

import streamlit as st

from services import spending
from services.job_detail import Attempt, JobDetail
from ui.format import duration, money, number
from ui.viewer_time import to_the_second
from ui.words import STATUS

_ENDED_AS = {
    **{status.value: words for status, (words, _) in STATUS.items()},
    "handed_over": "Handed over to another worker",
    "interrupted": "Worker stopped answering",
}


def draw(detail: JobDetail) -> None:
    """Draw all of it; the calls last, because there may be many."""
    left, right = st.columns(2)
    with left:
        st.markdown("**Stages of the last run**")
        _stages(detail)
    with right:
        st.markdown("**Questions**")
        _sums(detail)
    st.markdown("**Attempts**")
    _attempts(detail)
    st.markdown("**What happened**")
    _moments(detail)
    st.markdown("**Every call**")
    _calls(detail)


def _stages(detail: JobDetail) -> None:
    st.dataframe(
        [{"Stage": row.stage.label, "Took": _took(row.seconds)} for row in detail.stages],
        hide_index=True,
        key="job_stages",
        alt="Stages, one per row",
    )


def _sums(detail: JobDetail) -> None:
    if not detail.story.calls:
        st.caption("It asked no provider.")
        return
    st.dataframe(
        [
            {
                "Provider": spending.label_of(row.provider),
                "Calls": row.calls,
                "Cost": money(row.cost_micros),
                "Uncertain": money(row.uncertain_micros),
            }
            for row in detail.story.calls
        ],
        hide_index=True,
        placeholder="–",
        key="job_sums",
        alt="Providers, one per row",
    )


def _attempts(detail: JobDetail) -> None:
    attempts = detail.story.attempts
    if not attempts:
        st.caption("No worker took it yet, or before attempts were noted.")
        return
    st.dataframe(
        [
            {
                "Began": to_the_second(row.began_at),
                "Attempt": row.attempt,
                "Took": _ran(row),
                "Ended": _ENDED_AS.get(row.ended_as or "", "Runs"),
                "Worker": row.worker,
            }
            for row in reversed(attempts)
        ],
        hide_index=True,
        placeholder="–",
        key="job_attempts",
        alt="Attempts, one per row",
    )
    for row in reversed(attempts):
        if row.fault:
            with st.expander(f"Error of attempt {row.attempt}"):
                st.code(row.fault, language=None, wrap_lines=True)
                st.caption("Values are left out. It is kept for 30 days, for administrators alone.")


def _moments(detail: JobDetail) -> None:
    st.dataframe(
        [
            {
                "Time": to_the_second(moment.at),
                "Stage": moment.stage.label,
                "Progress": f"{moment.progress} %",
                "Message": moment.message,
            }
            for moment in reversed(detail.story.moments)
            if moment.message
        ],
        hide_index=True,
        key="job_moments",
        alt="What happened, one moment per row",
    )


def _calls(detail: JobDetail) -> None:
    if not detail.calls:
        st.caption("There are none.")
        return
    st.dataframe(
        [
            {
                "Time": to_the_second(row.at),
                "Provider": spending.label_of(row.provider),
                "What": spending.what(row),
                "Outcome": spending.outcome(row),
                "Status": row.http_status,
                "Took": None if row.took_ms is None else f"{number(row.took_ms)} ms",
                "Try": row.attempt,
                "Cost": money(row.cost_micros),
            }
            for row in detail.calls
        ],
        hide_index=True,
        placeholder="–",
        key="job_calls",
        alt="Calls to providers, one per row",
    )


def _ran(row: Attempt) -> str | None:
    return None if row.ended_at is None else duration(round((row.ended_at - row.began_at).total_seconds()))


def _took(seconds: int | None) -> str:
    return "is in it" if seconds is None else duration(seconds)
