"""Whom companies are given to when they enter the book: by place, else in turns; what a person chooses later stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.names import named
from services.permissions import Right, require
from services.roles import MemberRole
from store import assigning, teams
from store.assigning import PlaceRow as PlaceRow
from store.database import Connection, Role, transaction

MOST_PLACES: Final = 500
LONGEST_PLACE: Final = 100


class Part(StrEnum):
    """What of a company's place is compared, the closest first: a postcode with how it begins, the others whole."""

    POSTCODE = "postcode"
    CITY = "city"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The places and who has them, who takes turns for the rest, and who may be chosen."""

    places: tuple[PlaceRow, ...]
    turns: tuple[UUID, ...]
    people: dict[UUID, str]


def assignment(person: Person) -> Assignment:
    """How new companies are given. Raises NotAllowed."""
    require(person, Right.ASSIGN)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return Assignment(
            places=tuple(assigning.places(conn, person.workspace_id)),
            turns=tuple(assigning.turns(conn, person.workspace_id)),
            people=_people(conn, person),
        )


def give_place(person: Person, part: Part, place: str, member: UUID) -> None:
    """Give companies of a place to somebody from now on.

    Raises NotAllowed, NotFound for somebody who does not work here, Invalid for ``place``, and Conflict for one that is
    given already and for too many.
    """
    require(person, Right.ASSIGN)
    try:
        said = named(place, LONGEST_PLACE)
    except Invalid:
        raise Invalid({"place": f"Type a place of 1 to {LONGEST_PLACE} characters."}) from None
    with transaction(Role.WEB, proof=person.proof) as conn:
        _known(conn, person, [member])
        if not assigning.add_place(conn, person.workspace_id, part.value, said, member, MOST_PLACES):
            raise Conflict(f"“{said}” is given to somebody already, or there are {MOST_PLACES} places.")


def take_place(person: Person, rule_id: UUID) -> None:
    """Give companies of a place to nobody in particular any more. Raises NotAllowed and NotFound."""
    require(person, Right.ASSIGN)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not assigning.remove_place(conn, person.workspace_id, rule_id):
            raise NotFound("This place is given to nobody any more.")


def take_turns(person: Person, members: Sequence[UUID]) -> None:
    """Have these people be given the rest in turns; nobody: the rest has no owner.

    Raises NotAllowed, and NotFound for somebody who does not work here.
    """
    require(person, Right.ASSIGN)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _known(conn, person, members)
        assigning.take_turns(conn, person.workspace_id, members)


def _people(conn: Connection, person: Person) -> dict[UUID, str]:
    rows = teams.people(conn, person.workspace_id)
    return {
        row.user_id: row.email for row in rows if row.role != MemberRole.VIEWER.value and not row.is_disabled
    }


def _known(conn: Connection, person: Person, members: Sequence[UUID]) -> None:
    if not set(members) <= _people(conn, person).keys():
        raise NotFound("This person does not work in this workspace any more.")
