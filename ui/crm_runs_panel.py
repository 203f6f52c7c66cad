"""What was chosen to be handed over: as a dry run, on its way, and done; the newest with its companies."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from services import crm_runs
from services.crm import CRMS
from services.crm_runs import RunRow
from services.identity import Person
from services.permissions import Right, may
from ui import cards, crm_words, said, session, viewer_time
from ui.format import counted
from ui.text import plain

_LOOK_S = 3.0
_UNDER_WAY = ("looking", "pushing")


def draw(person: Person, *, is_connected: bool) -> None:
    """The last runs; the newest follows by itself while it is under way."""
    st.header("Hand-offs", anchor=False)
    found = crm_runs.runs(person)
    if not found:
        what = "Choose companies on Leads, then Change …, Hand to CRM …"
        if not is_connected:
            leads = may(person, Right.CONNECT_CRM)
            what = "Connect one first." if leads else "Ask an owner or admin of the workspace to connect one."
        cards.empty("Nothing handed over yet", what, "list")
        return
    if found[0].state in _UNDER_WAY:
        st.fragment(_newest, run_every=_LOOK_S)(found[0].id)
    else:
        _run(person, found[0])
    if len(found) > 1:
        with st.expander("Earlier ones", key="crm_earlier"):
            st.dataframe([_cells(run) for run in found[1:]], hide_index=True, key="crm_runs")


def _newest(run_id: UUID) -> None:
    person = session.require_person()
    run = next((each for each in crm_runs.runs(person) if each.id == run_id), None)
    if run is None or run.state not in _UNDER_WAY:
        st.rerun()
    _run(person, run)


def _run(person: Person, run: RunRow) -> None:
    with st.container(border=True, key="pp-card-crm-run"):
        by = f" by {run.created_by}" if run.created_by else ""
        at = viewer_time.to_the_second(run.created_at)
        st.markdown(
            f"**{plain(CRMS[run.crm].label)}** · {plain(f'{at}{by}')}  \n{plain(crm_words.state_of(run))}"
        )
        if run.problem:
            again = f" Next try {viewer_time.to_the_second(run.due_at)}." if run.due_at and run.tries else ""
            st.warning(plain(f"{run.problem}{again}"))
        with st.container(horizontal=True):
            _buttons(run)
        rows = [crm_words.cells(item) for item in crm_runs.items(person, run.id)]
        st.dataframe(rows, hide_index=True, key="crm_items")


def _buttons(run: RunRow) -> None:
    writes = run.creates + run.updates + run.same
    if run.state == "looked":
        label = f"Push {counted(writes, 'company', 'companies')}"
        _button(
            label, "push", run, crm_runs.push, "They are on their way.", is_primary=True, is_off=not writes
        )
        _button("Discard", "discard", run, crm_runs.discard, "The dry run is forgotten. Nothing was written.")
    elif run.state in _UNDER_WAY:
        _button("Stop", "stop", run, crm_runs.stop, "It is stopped. What is written stays.")
    elif run.state == "stopped" or run.failed:
        _button("Try again", "push", run, crm_runs.push, "It goes on.", is_primary=True)


def _button(  # noqa: PLR0913 - what makes a button
    label: str,
    key: str,
    run: RunRow,
    act: Callable[[Person, UUID], None],
    done: str,
    *,
    is_primary: bool = False,
    is_off: bool = False,
) -> None:
    def do() -> None:
        said.after(lambda: act(session.require_person(), run.id), done)

    st.button(
        label,
        key=f"crm_{key}",
        type="primary" if is_primary else "secondary",
        disabled=is_off,
        on_click=do,
    )


def _cells(run: RunRow) -> dict[str, str]:
    return {
        "When": viewer_time.to_the_second(run.created_at),
        "System": CRMS[run.crm].label,
        "By": run.created_by or "",
        "What came of it": f"{crm_words.state_of(run)} {run.problem or ''}".strip(),
    }
