"""How a company of the book stands in the customer systems it was handed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.crm import matching
from pipeline.crm.crms import CRMS
from services import export_terms
from services.crm_marks import mark
from services.leaving import row_that_leaves
from store.crm import StateRow
from store.database import Connection
from store.leads import StoredLead


class State(StrEnum):
    """What a company of the book is in a customer system."""

    NEVER = "never"
    PUSHED = "pushed"
    CHANGED = "changed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a company stands in one system: when it was pushed last and its id there, or why it failed."""

    label: str
    state: State
    their_id: str | None
    at: datetime | None
    problem: str | None


def standings(conn: Connection, found: Sequence[StateRow], newest: StoredLead | None) -> tuple[Standing, ...]:
    """The same for people; by its newest lead, where that is at hand, it is told whether it changed since."""
    known = [row for row in found if row.crm in CRMS]
    kept_here = export_terms.withheld_as_of(conn) if any(row.seen for row in known) else frozenset()
    return tuple(
        Standing(
            label=CRMS[row.crm].label,
            state=_state(row, newest, kept_here),
            their_id=row.their_id,
            at=row.failed_at if row.problem else row.pushed_at,
            problem=row.problem,
        )
        for row in known
    )


def _state(row: StateRow, newest: StoredLead | None, kept_here: frozenset[str]) -> State:
    if row.problem:
        return State.FAILED
    if row.pushed_at is None:
        return State.NEVER
    if newest is None:
        return State.PUSHED
    one = matching.outgoing("", row_that_leaves(newest, kept_here, is_simulated=False), row.mapping)
    return State.PUSHED if matching.seen(one, mark) == row.seen else State.CHANGED
