"""Everybody's jobs as a table whose ticks outlast that it is drawn anew, also when jobs have come or gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from services.operations import MOST_COUNTED, JobRow
from ui.format import counted, duration, money, number
from ui.job_filters import STUCK, Chosen
from ui.viewer_time import to_the_second
from ui.words import STATUS, WORTH_A_LOOK

_CHOSEN, _CURSORS = "jobs_chosen", "jobs_cursors"


def counts(by_status: Mapping[CampaignStatus, int]) -> None:
    """Draw how many jobs are in each state."""
    with st.container(horizontal=True, key="pp-figures-jobs"):
        for status, (words, _) in STATUS.items():
            jobs = by_status.get(status, 0)
            shown = f"> {number(MOST_COUNTED)}" if jobs > MOST_COUNTED else number(jobs)
            st.metric(words, shown, border=True)


def doubtful(campaigns: int) -> None:
    """Say that campaigns ended well and yet with less than they should have."""
    if campaigns:
        said = (
            f"{counted(campaigns, 'campaign')} of the last 7 days ended without a fault and yet with little."
        )
        st.warning(f"{said} Choose the state “{WORTH_A_LOOK[0]}” below to see which.")


def ticked() -> tuple[UUID, ...]:
    """Which jobs are ticked, wherever they stand by now."""
    chosen: tuple[UUID, ...] = st.session_state.get(_CHOSEN, ())
    return chosen


def table(rows: Sequence[JobRow]) -> None:
    """Draw the jobs."""
    ids = [row.job_id for row in rows]
    # Another order of rows is another table: what is marked in one would mark another job in the next.
    key = f"jobs-{hash(tuple(ids)):x}"
    marked = [number for number, job_id in enumerate(ids) if job_id in ticked()]
    if marked and key not in st.session_state:
        st.session_state[key] = {"selection": {"rows": marked, "columns": [], "cells": []}}
    st.dataframe(
        [_cells(row) for row in rows],
        column_config={
            "Progress": st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%d %%", width="small"
            ),
            "Campaign": st.column_config.TextColumn(width="medium"),
            "Problem": st.column_config.TextColumn(width="medium"),
        },
        hide_index=True,
        on_select=lambda: _choose(key, ids),
        selection_mode="multi-row",
        placeholder="–",
        key=key,
        alt="Jobs, one per row",
    )


def untick() -> None:
    """Let go of all ticks."""
    st.session_state.pop(_CHOSEN, None)
    for key in [name for name in st.session_state if str(name).startswith("jobs-")]:
        del st.session_state[key]


def cursor(chosen: Chosen) -> str | None:
    """Where the page on show begins; another choice begins at the top."""
    view, seen = st.session_state.get(_CURSORS, (chosen.view, ()))
    return seen[-1] if seen and view == chosen.view else None


def pager(chosen: Chosen, next_cursor: str | None) -> None:
    """Draw the way to the pages before and behind."""
    view, seen = st.session_state.get(_CURSORS, (chosen.view, ()))
    seen = seen if view == chosen.view else ()
    with st.container(horizontal=True):
        if seen:
            st.button("Previous", key="previous", on_click=_turn, args=(chosen.view, seen[:-1]))
        if next_cursor:
            st.button("Next", key="next", on_click=_turn, args=(chosen.view, (*seen, next_cursor)))


def _turn(view: tuple[object, ...], cursors: tuple[str, ...]) -> None:
    st.session_state[_CURSORS] = (view, cursors)


def _choose(key: str, ids: Sequence[UUID]) -> None:
    """A callback: keep which jobs are ticked here, beside those of other pages."""
    elsewhere = [job_id for job_id in st.session_state.get(_CHOSEN, ()) if job_id not in ids]
    here = [ids[row] for row in st.session_state[key]["selection"]["rows"] if row < len(ids)]
    st.session_state[_CHOSEN] = (*elsewhere, *here)


def took(row: JobRow) -> str | None:
    """How long a job that ended ran; None for another."""
    if row.started_at is None or row.ended_at is None:
        return None
    return duration(round((row.ended_at - row.started_at).total_seconds()))


def _cells(row: JobRow) -> dict[str, object]:
    return {
        "Campaign": row.title,
        "State": _state(row),
        "Problem": row.error or row.suspicion or "",
        "Owner": row.owner_email,
        "Workspace": row.workspace,
        "Stage": row.stage.label,
        "Progress": row.progress,
        "Attempt": row.attempt,
        "Created": to_the_second(row.created_at),
        "Took": took(row),
        "Cost": money(row.spent_micros),
        "Worker": row.worker or "",
    }


def _state(row: JobRow) -> str:
    if row.is_stuck:
        return STUCK
    return WORTH_A_LOOK[0] if row.suspicion else STATUS[row.status][0]
