"""What needs somebody: open alerts with who takes care, and those that were resolved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pipeline.health.rules import Severity
from services import alerts
from services.alerts import AlertRow
from services.permissions import Right
from ui import said, session
from ui.format import ago, duration
from ui.text import plain, someone
from ui.viewer_time import local, to_the_second
from ui.words import Colour

_SEVERITY: dict[str, tuple[str, Colour]] = {
    Severity.PROBLEM: ("Problem", "red"),
    Severity.WARNING: ("Worth a look", "orange"),
}
PLACE = "alerts"


def draw(rows: Sequence[AlertRow]) -> None:
    """Draw all of them; nothing while there never was one. Why they were raised the verdict says."""
    said.show(PLACE)
    resolved = [row for row in rows if row.resolved_at]
    for row in rows:
        if row.resolved_at is None:
            _open(row)
    if resolved:
        with st.expander("Alerts that are over"):
            _over(resolved)


def _open(row: AlertRow) -> None:
    words, colour = _SEVERITY[row.severity]
    key = f"pp-card-row-alert-{row.id}"
    with st.container(border=True, key=key, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(row.title)}**", width="content")
        st.badge(words, color=colour)
        st.caption(f"Since {to_the_second(row.raised_at)}{_whose(row)}", width="content")
        if row.noted_at is None:
            st.button("I take care of it", key=f"note-{row.id}", on_click=partial(_note, row))


def _whose(row: AlertRow) -> str:
    if row.noted_at is None:
        return ""
    who = someone(row.noted_by or "Somebody who has no account any more")
    return f" · {who} takes care of it since {ago(local(row.noted_at))}"


def _over(rows: Sequence[AlertRow]) -> None:
    st.dataframe(
        [
            {
                "Alert": row.title,
                "Raised": to_the_second(row.raised_at),
                "Lasted": duration(round((row.resolved_at - row.raised_at).total_seconds())),
                "Who took care": row.noted_by,
            }
            for row in rows
            if row.resolved_at
        ],
        hide_index=True,
        placeholder="–",
        key="alerts_over",
        alt="Alerts that are over, one per row",
    )


def _note(row: AlertRow) -> None:
    """A callback."""
    person = session.require_right(Right.STEER_HEALTH)
    said.after(lambda: alerts.note(person, row.id), "The others see that you take care of it.", PLACE)
