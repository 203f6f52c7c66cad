"""What the installation does regularly, for administrators: when it was last done, what came of it, having it done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jobs.duties import DUTIES, Duty
from services import billing_setup
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, require
from store import duties
from store.database import Role, transaction
from store.duties import DutyRow

_BILLING = "billing"


class DutyState(StrEnum):
    """How a duty stands."""

    FAILED = "failed"
    BROKEN = "broken"
    ASKED = "asked"
    RUNNING = "running"
    NEVER = "never"
    WELL = "well"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyView:
    """A duty as administrators see it. ``every_s`` 0: whenever something waits. What is said, how long it took and what
    went wrong is of the last run that came to an end; ``failures`` are those in a row."""

    name: str
    label: str
    every_s: int
    state: DutyState
    worker: str | None
    ended_at: datetime | None
    took_ms: int | None
    said: str
    error: str | None
    failures: int


def listing(person: Person) -> tuple[DutyView, ...]:
    """Every duty, those that failed first. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_HEALTH)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        known = duties.listing(conn)
    views = (
        _view(duty, known.get(duty.name)) for duty in DUTIES if duty.name != _BILLING or billing_setup.is_on()
    )
    return tuple(sorted(views, key=lambda view: view.state not in (DutyState.FAILED, DutyState.BROKEN)))


def run_now(person: Person, duty: str) -> None:
    """Have a duty done by a worker within seconds, on record. Raises NotAllowed, and NotFound for one that has no time
    of its own."""
    require(person, Right.STEER_HEALTH)
    if duty not in {known.name for known in DUTIES if known.every_s}:
        raise NotFound("There is no such duty.")
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        duties.ask(conn, duty)


def _view(duty: Duty, row: DutyRow | None) -> DutyView:
    return DutyView(
        name=duty.name,
        label=duty.label,
        every_s=duty.every_s,
        state=_state(row),
        worker=row.worker if row else None,
        ended_at=row.ended_at if row else None,
        took_ms=row.took_ms if row else None,
        said=row.said if row else "",
        error=row.error if row else None,
        failures=row.failures if row else 0,
    )


def _state(row: DutyRow | None) -> DutyState:
    if row is None:
        return DutyState.NEVER
    if row.is_held:
        return DutyState.RUNNING
    if row.is_asked:
        return DutyState.ASKED
    if row.is_broken:
        return DutyState.BROKEN
    return DutyState.FAILED if row.error else DutyState.WELL
