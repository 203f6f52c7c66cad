"""Notes about companies of the book: what a team says to each other, with the people it is meant for named in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from pipeline.words import mentions
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import book_work, limits, notes
from store.database import Connection, Role, transaction

LONGEST_NOTE, MOST_NAMED = 4000, 20


def write(person: Person, company_id: UUID, written: str, named: Sequence[UUID] = ()) -> None:
    """Write a note about a company, which tells those who are ``named`` and those it names as ``@anna@example.com``.

    Raises NotAllowed, NotFound, and Invalid for an empty or very long one and for people who are not in the workspace.
    """
    require(person, Right.WORK_LEADS)
    said = _said(written)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not book_work.standing(conn, person.workspace_id, [company_id]):
            raise NotFound("We can't find that company. Its campaign may have been deleted.")
        note_down(conn, person, company_id, said, named)


def note_down(
    conn: Connection, person: Person, company_id: UUID, said: str, named: Sequence[UUID] = ()
) -> None:
    """Add a note of the person's inside a transaction of theirs, and have those who are named told."""
    people = _people(conn, person)
    if not set(named) <= set(people):
        raise Invalid({"named": "Somebody you mention is not in the workspace any more. Choose again."})
    text = mentions.kept(said, people)
    there = mentions.named(text)
    text = " ".join((*(mentions.mark(user) for user in dict.fromkeys(named) if user not in there), text))
    note_id = notes.add(conn, person.workspace_id, company_id, person.id, text)
    _name(conn, person, note_id, text, people)


def edit(person: Person, company_id: UUID, note_id: int, before: str, written: str) -> None:
    """Change what a note of one's own says; ``before`` is how it read. Who is named anew is told.

    Raises NotAllowed, NotFound for a note that is another one's or deleted, Conflict when it reads otherwise by now,
    and Invalid for an empty or very long one.
    """
    require(person, Right.WORK_LEADS)
    said = _said(written)
    with transaction(Role.WEB, proof=person.proof) as conn:
        people = _people(conn, person)
        now = mentions.shown(_own(conn, person, company_id, note_id), people)
        if now != before:
            raise Conflict(
                "This note was changed in another window meanwhile. Copy what you typed, cancel, and look at it again."
            )
        if said == now:
            return
        text = mentions.kept(said, people)
        notes.rewrite(conn, person.workspace_id, note_id, text)
        _name(conn, person, note_id, text, people)


def delete(person: Person, company_id: UUID, note_id: int) -> None:
    """Take away what a note of one's own says, and whom it names. Raises NotAllowed, and NotFound for a note that is
    another one's or deleted."""
    require(person, Right.WORK_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _own(conn, person, company_id, note_id)
        notes.name(conn, person.workspace_id, note_id, person.id, ())
        notes.delete(conn, person.workspace_id, note_id)


def _said(written: str) -> str:
    said = written.replace("\x00", "").encode(errors="replace").decode().strip()
    if not 0 < len(said) <= LONGEST_NOTE:
        raise Invalid({"note": f"Write a note of 1 to {LONGEST_NOTE:,} characters."})
    return said


def _people(conn: Connection, person: Person) -> dict[UUID, str]:
    return dict(limits.members(conn, person.workspace_id))


def _own(conn: Connection, person: Person, company_id: UUID, note_id: int) -> str:
    found = notes.own_text(conn, person.workspace_id, company_id, person.id, note_id)
    if found is None:
        raise NotFound("We can't find that note among yours. It may have been deleted.")
    return found


def _name(conn: Connection, person: Person, note_id: int, text: str, people: Mapping[UUID, str]) -> None:
    """Nobody is told of what they wrote themselves, and nobody who is not in the workspace."""
    told = [user for user in mentions.named(text) if user in people and user != person.id]
    if len(told) > MOST_NAMED:
        raise Invalid({"named": f"A note mentions at most {MOST_NAMED} people."})
    notes.name(conn, person.workspace_id, note_id, person.id, told)
