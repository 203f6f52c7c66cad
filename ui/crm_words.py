"""What became of companies in customer systems, in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from services.crm_batches import SKIPPED
from services.crm_runs import ItemRow, RunRow
from services.crm_standing import Standing, State
from ui import viewer_time
from ui.format import counted
from ui.text import plain

_PLANNED = {
    "create": "Would be created",
    "update": "Would be updated",
    "same": "There already, nothing to write",
}
_DONE = {"create": "Created", "update": "Updated", "same": "There already, nothing to write"}
_STATES = {
    "looking": "Being looked up, nothing is written",
    "looked": "Dry run: nothing is written yet",
    "pushing": "Being pushed",
    "done": "Pushed",
    "stopped": "Stopped",
}


def standings(found: Sequence[Standing]) -> None:
    """How a company stands in the customer systems the workspace is connected to."""
    for standing in found:
        st.caption(plain(_standing(standing)))


def state_of(run: RunRow) -> str:
    """Where a run is, and how many companies came to what."""
    counts = [
        (run.waits, "to go"),
        (run.creates, "created" if run.pushes else "to create"),
        (run.updates, "updated" if run.pushes else "to update"),
        (run.same, "there already"),
        (run.skipped, "skipped"),
        (run.failed, "failed"),
    ]
    told = ", ".join(f"{number:,} {what}" for number, what in counts if number)
    return f"{_STATES[run.state]}. {counted(run.companies, 'company', 'companies')}: {told or 'none'}."


def cells(item: ItemRow) -> dict[str, str]:
    """A company of a run as a row of a table."""
    return {
        "Company": item.name or "Gone",
        "What": _what(item),
        "Properties": ", ".join(item.fields) if item.action != "same" else "",
        "Their id": item.their_id or "",
    }


def _what(item: ItemRow) -> str:
    if item.state == "failed":
        return f"Failed: {item.why}"
    if item.state == "skipped":
        return f"Skipped: {SKIPPED.get(item.why or '', item.why or '')}"
    if item.state == "waits":
        return "To go"
    return (_DONE if item.state == "done" else _PLANNED)[item.action or "same"]


def _standing(standing: Standing) -> str:
    at = viewer_time.to_the_second(standing.at) if standing.at else ""
    told = {
        State.NEVER: "never handed over",
        State.PUSHED: f"pushed {at}, its id there is {standing.their_id}",
        State.CHANGED: f"pushed {at} as {standing.their_id}, changed here since",
        State.FAILED: f"failed {at}: {standing.problem}",
    }
    return f"{standing.label}: {told[standing.state]}"
