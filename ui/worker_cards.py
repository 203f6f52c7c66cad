"""The workers and the queue they take campaigns from, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from services import about, job_steering
from services.operations import JobRow, WorkerRow
from services.permissions import Right
from ui import said, session
from ui.format import ago, counted, number
from ui.job_table import took as job_duration
from ui.text import plain
from ui.viewer_time import local, to_the_second
from ui.words import STATUS, Colour

_STATE: dict[str, tuple[str, Colour]] = {
    "idle": ("Idle", "green"),
    "busy": ("Busy", "blue"),
    "gone": ("Gone", "red"),
}
_RESTS: tuple[str, Colour] = ("Rests", "orange")
_MIB = 1 << 20
_SHOWN = "worker_shown"


def queue(*, is_paused: bool, place: str) -> None:
    """Draw whether the queue is paused, and the way to pause it or go on."""
    if is_paused:
        st.warning(
            "The queue is paused: workers take no campaigns. What runs goes on to its end. A campaign that waits for"
            f" more than {counted(about.longest_wait_h(), 'hour')} fails, paused or not."
        )
    words = "Resume the queue" if is_paused else "Pause the queue"
    st.button(words, key="queue_pause", on_click=partial(_pause, not is_paused, place))


def shown() -> str | None:
    """The worker whose last jobs are shown."""
    name: str | None = st.session_state.get(_SHOWN)
    return name


def draw(rows: Sequence[WorkerRow], last_jobs: Sequence[JobRow], place: str) -> None:
    """Draw each worker and what it does; ``last_jobs`` are those of the one that is ``shown``."""
    if not any(row.state != "gone" for row in rows):
        st.warning("No worker is running. Campaigns wait in line until one starts.")
    with st.container(horizontal=True, key="pp-figures-workers"):
        for row in rows:
            _worker(row, last_jobs, place)


def _worker(row: WorkerRow, last_jobs: Sequence[JobRow], place: str) -> None:
    words, colour = _RESTS if row.rests and row.state == "idle" else _STATE[row.state]
    with st.container(border=True, key=f"pp-card-row-{row.name}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.name)}**", width="content")
            st.badge(words, color=colour)
            if row.is_other_version:
                st.badge("Another version", color="orange", help="Its code is not that of this web server.")
        st.caption(f"{_doing(row)} · process {row.pid} on {plain(row.host)}{_memory(row)}{_seen(row)}")
        if row.version:
            st.caption(f"ProspectPro {plain(row.version)} · schema {plain(row.schema_version or 'unknown')}")
        with st.container(horizontal=True):
            if row.state != "gone":
                rest = "Go on" if row.rests else "Let it rest"
                st.button(rest, key=f"rest-{row.name}", on_click=partial(_rest, row, place))
            is_shown = shown() == row.name
            st.button(
                "Hide its last jobs" if is_shown else "Its last jobs",
                key=f"last-{row.name}",
                type="tertiary",
                on_click=partial(_show, None if is_shown else row.name),
            )
        if is_shown:
            _last_jobs(last_jobs)


def _show(name: str | None) -> None:
    """A callback."""
    st.session_state[_SHOWN] = name


def _last_jobs(rows: Sequence[JobRow]) -> None:
    if not rows:
        st.caption("It took none yet.")
        return
    st.dataframe(
        [
            {
                "Campaign": row.title,
                "State": STATUS[row.status][0],
                "Began": to_the_second(row.started_at) if row.started_at else None,
                "Took": job_duration(row),
                "Problem": row.error,
            }
            for row in rows
        ],
        hide_index=True,
        placeholder="–",
        key="worker_jobs",
        alt="Jobs of this worker, one per row",
    )


def _doing(row: WorkerRow) -> str:
    if row.job_title:
        then = ", then rests" if row.rests else ""
        return f"Working on {plain(row.job_title)}{then}"
    return "Takes no campaigns" if row.rests else "Waiting for work"


def _memory(row: WorkerRow) -> str:
    return "" if row.memory_bytes is None else f" · {number(row.memory_bytes // _MIB)} MiB"


def _seen(row: WorkerRow) -> str:
    return f" · since {ago(local(row.started_at))} · last seen {ago(local(row.seen_at))}"


def _pause(wanted: bool, place: str) -> None:
    """A callback."""
    person = session.require_right(Right.STEER_ALL_JOBS)
    done = "Workers take no more campaigns within seconds." if wanted else "Workers take campaigns again."
    said.after(lambda: job_steering.pause(person, wanted=wanted), done, place)


def _rest(row: WorkerRow, place: str) -> None:
    """A callback."""
    person = session.require_right(Right.STEER_ALL_JOBS)
    wanted = not row.rests
    done = f"{row.name} takes no more campaigns within seconds." if wanted else f"{row.name} goes on."
    said.after(lambda: job_steering.rest(person, row.name, wanted=wanted), done, place)
