"""Handing companies of the book to a customer system: looked up there first, then pushed, and how that stands."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import crm, crm_shown, locks
from store.crm import ItemRow as ItemRow
from store.crm import RunRow as RunRow
from store.database import Connection, Role, transaction
from store.ids import new_id

MOST_AT_ONCE = 1_000
"""Companies of one run; our own choice."""
MOST_SHOWN, MOST_RUNS = 1_000, 10
_GONE = "There is no such hand-off any more, or it is under way."


def look(person: Person, system: str, companies: Sequence[UUID]) -> UUID:
    """Have companies looked up in a system, where nothing is written; ``push`` does that. Returns the id of the run.

    Raises NotAllowed, NotFound for a system that is not connected, Conflict while another run is under way, and Invalid
    for none and for more than ``MOST_AT_ONCE`` companies.
    """
    require(person, Right.HAND_OFF)
    if len(companies) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE:,} companies are handed over at once. Narrow the filters.")
    run = new_id()
    with transaction(Role.WEB, proof=person.proof) as conn:
        if system not in {row.crm for row in crm.listing(conn, person.workspace_id)}:
            raise NotFound("The workspace is not connected to this system. An admin connects it on CRM.")
        _refuse_second(conn, person, system)
        if not crm.begin(conn, person.workspace_id, person.id, run, system, companies):
            raise Invalid("None of these companies is in the book any more.")
    return run


def push(person: Person, run_id: UUID) -> None:
    """Have what was looked up written, each company judged and looked for anew; or try again what stopped or failed.

    Raises NotAllowed, NotFound, and Conflict while another run is under way.
    """
    require(person, Right.HAND_OFF)
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = [row for row in crm_shown.runs(conn, person.workspace_id, MOST_RUNS) if row.id == run_id]
        if found:
            _refuse_second(conn, person, found[0].crm)
        _found(crm.push(conn, person.workspace_id, run_id))


def stop(person: Person, run_id: UUID) -> None:
    """Stop a run; what is written stays, and it can be gone on with. Raises NotAllowed and NotFound."""
    require(person, Right.HAND_OFF)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(crm.stop(conn, person.workspace_id, run_id))


def discard(person: Person, run_id: UUID) -> None:
    """Forget a run that is not under way; what it wrote stays known. Raises NotAllowed and NotFound."""
    require(person, Right.HAND_OFF)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(crm.discard(conn, person.workspace_id, run_id))


def runs(person: Person) -> tuple[RunRow, ...]:
    """The last runs, the newest first. Raises NotAllowed."""
    require(person, Right.HAND_OFF)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(crm_shown.runs(conn, person.workspace_id, MOST_RUNS))


def items(person: Person, run_id: UUID) -> tuple[ItemRow, ...]:
    """The companies of a run, what failed first; none for a run there is not. Raises NotAllowed."""
    require(person, Right.HAND_OFF)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(crm_shown.items(conn, person.workspace_id, run_id, MOST_SHOWN))


def _refuse_second(conn: Connection, person: Person, system: str) -> None:
    """Nobody else begins one until the transaction ends. Raises Conflict while one is under way."""
    locks.hold_hand_offs(conn, person.workspace_id, system)
    if crm.is_busy(conn, person.workspace_id, system):
        raise Conflict("A hand-off to this system is under way. Wait until it is through, or stop it.")


def _found(is_there: bool) -> None:
    if not is_there:
        raise NotFound(_GONE)
