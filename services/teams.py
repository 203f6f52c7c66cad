"""The people of a workspace: who is in it, in which role, and how that changes.

What each may do is asked of the table first and of the database again, which also sees to it that a workspace has
exactly one owner and that nobody changes their own role.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn
from uuid import UUID

from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from services.identity import Person
from services.permissions import Right, may, require
from services.roles import MemberRole
from store import teams
from store.database import Connection, Role, transaction
from store.teams import MemberRow
from store.teams import Spent as Spent

LONGEST_NAME = 100
GIVEN: Final = (MemberRole.VIEWER, MemberRole.MEMBER, MemberRole.ADMIN)
"""The roles that can be given to somebody; there is one owner, who hands over."""
_NOTHING = Spent(month_micros=0, all_micros=0)
_REFUSALS: Final[Mapping[str, tuple[type[Refused], str]]] = {
    "refused": (
        NotAllowed,
        "In this workspace you may not do this. Your role may have changed a moment ago.",
    ),
    "gone": (NotFound, "This person is not in the workspace any more, or their account is disabled."),
    "own": (
        Conflict,
        "Nobody changes their own role. Somebody else in the workspace can, and you can leave it.",
    ),
    "owner": (Conflict, "A workspace has one owner. First its ownership is handed over to somebody else."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in a workspace, and what ``person`` who looks may do about them. ``spent`` is None for who may not see
    what others spend."""

    row: MemberRow
    role: MemberRole
    spent: Spent | None
    is_you: bool
    can_be_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The people of a workspace, the owner first; ``formerly`` is what people cost who are in it no more, None for who
    may not see what others spend."""

    members: tuple[Member, ...]
    formerly: Spent | None

    @property
    def heirs(self) -> tuple[Member, ...]:
        """To whom the owner may hand over."""
        return tuple(each for each in self.members if not (each.is_you or each.row.is_disabled))


def team(person: Person) -> Team:
    """The people of the workspace the person works in, and what their campaigns cost there: one's own, or
    everybody's for who may see those."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        rows = teams.people(conn, person.workspace_id)
        spent = teams.spent(conn, person.workspace_id)
    members = tuple(_member(person, row, spent.pop(row.user_id, _NOTHING)) for row in rows)
    formerly = Spent(
        month_micros=sum(each.month_micros for each in spent.values()),
        all_micros=sum(each.all_micros for each in spent.values()),
    )
    return Team(members=members, formerly=formerly if may(person, Right.SEE_TEAM_SPENDING) else None)


def set_role(person: Person, member: UUID, role: MemberRole) -> None:
    """Give somebody else in the workspace another role. Raises NotAllowed, NotFound, Conflict about the owner and
    oneself, and Invalid for the role of the owner, which is handed over."""
    require(person, Right.MANAGE_PEOPLE)
    if role not in GIVEN:
        raise Invalid({"role": "A workspace has one owner. Its ownership is handed over, not given."})
    _do(person, lambda conn: teams.set_role(conn, person.workspace_id, member, role.value))


def remove(person: Person, member: UUID) -> None:
    """Take somebody else out of the workspace; their campaigns stay in it. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.MANAGE_PEOPLE)
    _do(person, lambda conn: teams.remove(conn, person.workspace_id, member))


def rename(person: Person, name: str) -> None:
    """Give the workspace another name. Raises NotAllowed, and Invalid for none or a long one."""
    require(person, Right.RENAME_WORKSPACE)
    wanted = " ".join(name.replace("\x00", "").split())
    if not wanted or len(wanted) > LONGEST_NAME or not wanted.isprintable():
        raise Invalid({"name": f"Give the workspace a name of 1 to {LONGEST_NAME} ordinary characters."})
    _do(person, lambda conn: teams.rename(conn, person.workspace_id, wanted))


def hand_over(person: Person, member: UUID) -> None:
    """Make somebody else the owner; the person stays as an admin. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.HAND_OVER)
    _do(person, lambda conn: teams.hand_over(conn, person.workspace_id, member))


def leave(person: Person) -> None:
    """Leave the workspace the person works in; what they ordered stays there. Raises Conflict for its owner."""
    _do(person, lambda conn: teams.leave(conn, person.workspace_id))


def _member(person: Person, row: MemberRow, spent: Spent) -> Member:
    role, is_you = MemberRole(row.role), row.user_id == person.id
    can = may(person, Right.MANAGE_PEOPLE) and not is_you and role is not MemberRole.OWNER
    shown = spent if is_you or may(person, Right.SEE_TEAM_SPENDING) else None
    return Member(row=row, role=role, spent=shown, is_you=is_you, can_be_changed=can)


def _do(person: Person, act: Callable[[Connection], str]) -> None:
    with transaction(Role.WEB, proof=person.proof) as conn:
        came_to = act(conn)
    if came_to != "done":
        _refuse(came_to)


def _refuse(came_to: str) -> NoReturn:
    kind, said = _REFUSALS[came_to]
    raise kind(said)
