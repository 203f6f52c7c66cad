"""What runs behind the pages, for administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pipeline.campaign import CampaignStatus
from services.operations import JobRow, WorkerRow
from ui.format import ago, counted, number
from ui.text import plain
from ui.viewer_time import local, to_the_second
from ui.words import STATUS, WORTH_A_LOOK, Colour

_CHOSEN = "jobs_chosen"
_WORKER: dict[str, tuple[str, Colour]] = {
    "idle": ("Idle", "green"),
    "busy": ("Busy", "blue"),
    "gone": ("Gone", "red"),
}


def counts(by_status: Mapping[CampaignStatus, int]) -> None:
    """Draw how many jobs are in each state."""
    with st.container(horizontal=True, key="pp-figures-jobs"):
        for status, (words, _) in STATUS.items():
            st.metric(words, number(by_status.get(status, 0)), border=True)


def doubtful(campaigns: int) -> None:
    """Say that campaigns ended well and yet with less than they should have."""
    if campaigns:
        said = (
            f"{counted(campaigns, 'campaign')} of the last 7 days ended without a fault and yet with little."
        )
        st.warning(f"{said} Choose the state “{WORTH_A_LOOK[0]}” below to see which.")


def workers(rows: Sequence[WorkerRow]) -> None:
    """Draw each worker and what it does."""
    if not any(row.state != "gone" for row in rows):
        st.warning("No worker is running. Campaigns wait in line until one starts.")
    with st.container(horizontal=True, key="pp-figures-workers"):
        for row in rows:
            _worker(row)


def _worker(row: WorkerRow) -> None:
    words, colour = _WORKER[row.state]
    with st.container(border=True, key=f"pp-card-row-{row.name}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.name)}**", width="content")
            st.badge(words, color=colour)
        doing = f"Working on {plain(row.job_title)}" if row.job_title else "Waiting for work"
        st.caption(f"{doing} · process {row.pid} on {plain(row.host)} · last seen {ago(local(row.seen_at))}")


def table(rows: Sequence[JobRow]) -> JobRow | None:
    """Draw the jobs; returns the chosen one, wherever it stands by now."""
    # Another order of rows is another table: what is marked in one would mark another job in the next.
    key = f"jobs-{hash(tuple(row.job_id for row in rows)):x}"
    st.dataframe(
        [_cells(row) for row in rows],
        column_config={
            "Progress": st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%d %%", width="small"
            ),
            "Campaign": st.column_config.TextColumn(width="medium"),
        },
        hide_index=True,
        on_select=lambda: _choose(key, rows),
        selection_mode="single-row",
        placeholder="–",
        key=key,
        alt="Jobs, one per row",
    )
    return next((row for row in rows if row.job_id == st.session_state.get(_CHOSEN)), None)


def _choose(key: str, rows: Sequence[JobRow]) -> None:
    """A callback: keep which job is chosen."""
    chosen = st.session_state[key]["selection"]["rows"]
    st.session_state[_CHOSEN] = rows[chosen[0]].job_id if chosen else None


def _cells(row: JobRow) -> dict[str, object]:
    return {
        "Campaign": row.title,
        "State": _state(row),
        "Owner": row.owner_email,
        "Stage": row.stage.label,
        "Progress": row.progress,
        "Attempt": row.attempt,
        "Worker": row.worker or "",
        "Created": to_the_second(row.created_at),
        "Started": to_the_second(row.started_at) if row.started_at else None,
        "Problem": row.error or row.suspicion or "",
    }


def _state(row: JobRow) -> str:
    if row.is_stuck:
        return "Stuck"
    return WORTH_A_LOOK[0] if row.suspicion else STATUS[row.status][0]
