"""The accounts of the installation, for administrators: letting in and out, deleting, making administrators.

Each act is asked of the table of rights first and of the database again, which notes it in the audit log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services import operations, paging
from services.errors import Conflict, NotAllowed, NotFound, Refused
from services.identity import Person
from services.permissions import Right, require
from store import administration
from store.administration import AccountRow as AccountRow
from store.database import Connection, Role, transaction

_MOST = 200
_REFUSALS: Final[Mapping[str, tuple[type[Refused], str]]] = {
    "refused": (NotAllowed, "This is for administrators."),
    "gone": (NotFound, "We can't find that account. It may have been deleted."),
    "own": (Conflict, "Nobody disables or deletes their own account here. Another administrator can."),
    "guest": (Conflict, "This is a guest, who has no account yet."),
    "last": (Conflict, "This is the last administrator. Make somebody else one first."),
    "heir": (
        Conflict,
        "Choose whose the workspaces of this account become: somebody whose account is not disabled.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One page of accounts, newest first."""

    rows: tuple[AccountRow, ...]
    next_cursor: str | None


def listing(person: Person, find: str = "", cursor: str | None = None, limit: int = 25) -> AccountPage:
    """The accounts whose address holds ``find``. Raises NotAllowed."""
    require(person, Right.MANAGE_USERS)
    limit = max(1, min(limit, _MOST))
    wanted = find.replace("\x00", "").strip()[:254] or None
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        rows = administration.page(conn, wanted, paging.after(cursor), limit + 1)
    shown = rows[:limit]
    more = len(rows) > limit
    last = paging.following(shown[-1].created_at, shown[-1].id) if more else None
    return AccountPage(rows=tuple(shown), next_cursor=last)


def disable(person: Person, account: UUID) -> None:
    """Let somebody in no more: sessions and keys end for good, what they ordered stops. Raises NotAllowed, NotFound,
    and Conflict for oneself."""
    require(person, Right.MANAGE_USERS)
    _do(person, lambda conn: administration.disable(conn, account))
    _stop_spending(person, account)


def enable(person: Person, account: UUID) -> None:
    """Let somebody in again. Raises NotAllowed and NotFound."""
    require(person, Right.MANAGE_USERS)
    _do(person, lambda conn: administration.enable(conn, account))


def set_admin(person: Person, account: UUID, *, wanted: bool) -> None:
    """Make somebody an administrator, or none any more. Raises NotAllowed, NotFound, and Conflict for the last one."""
    require(person, Right.MANAGE_USERS)
    _do(person, lambda conn: administration.set_admin(conn, account, wanted=wanted))


def set_free(person: Person, account: UUID, *, wanted: bool) -> None:
    """Whether somebody orders nothing that may cost money, as who signed up by themselves. Raises NotAllowed, NotFound,
    and Conflict for a guest."""
    require(person, Right.MANAGE_USERS)
    _do(person, lambda conn: administration.set_free(conn, account, wanted=wanted))


def delete(person: Person, account: UUID, heir: UUID | None) -> None:
    """Delete an account: what it ordered stops, and the workspaces it owns go to ``heir`` with all that is in them.

    Empty workspaces go with it; what it spent stays in the books, under no name. A guest ends with all of theirs.
    Raises NotAllowed, NotFound, and Conflict for oneself or without an heir who is needed.
    """
    require(person, Right.MANAGE_USERS)
    _do(person, lambda conn: administration.delete(conn, account, heir))
    _stop_spending(person, account)


def _stop_spending(person: Person, account: UUID) -> None:
    """After the account is shut out, so that nothing new can be ordered meanwhile."""
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        for workspace_id, job_id in administration.running_jobs(conn, account):
            operations.stop(conn, person, workspace_id, job_id)


def _do(person: Person, act: Callable[[Connection], str]) -> None:
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        came_to = act(conn)
    if came_to != "done":
        kind, said = _REFUSALS[came_to]
        raise kind(said)
