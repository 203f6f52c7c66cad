"""Duties: what the installation does regularly, when it did it last and what came of it; for administrators."""

from __future__ import annotations

from functools import partial

import streamlit as st

from services import duties
from services.duties import DutyView
from services.permissions import Right
from ui import cards, said, session
from ui.duty_words import STATE, last_run, schedule
from ui.text import plain

_LOOK_S = 5.0


def main() -> None:
    """Draw the page."""
    session.require_right(Right.SEE_HEALTH)
    cards.heading("Duties", "What this installation does by itself, beside its campaigns. Workers do it.")
    st.fragment(_duties, run_every=_LOOK_S)()


def _duties() -> None:
    said.show("duties")
    for view in duties.listing(session.require_right(Right.SEE_HEALTH)):
        _duty(view)


def _duty(view: DutyView) -> None:
    words, colour = STATE[view.state]
    with (
        st.container(border=True, key=f"pp-card-row-{view.name}", gap="xsmall"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        with st.container(gap="xxsmall", width="stretch"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plain(view.label)}**", width="content")
                st.badge(words, color=colour)
            st.caption(plain(f"{schedule(view.every_s)} · {last_run(view)}"))
            if view.error:
                st.markdown(f":red[{plain(view.error)}]")
            elif view.said:
                st.caption(plain(view.said))
        if view.every_s:
            st.button(
                "Run now", key=f"run-{view.name}", on_click=partial(_run, view), help=f"{view.label}, at once"
            )


def _run(view: DutyView) -> None:
    """A callback."""
    person = session.require_right(Right.STEER_HEALTH)
    said.after(
        lambda: duties.run_now(person, view.name),
        f"“{view.label}” is done as soon as a worker comes to it, within seconds.",
        "duties",
    )


main()
