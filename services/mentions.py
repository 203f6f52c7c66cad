"""Notes that name a person: what they have not read yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from pipeline.words.mentions import shown
from services.identity import Person
from store import limits, mentions
from store.database import Role, transaction
from store.mentions import Unread as Unread

MOST_COUNTED = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The newest notes that name a person and that they have not read. ``number`` is how many there are, at most one
    more than ``MOST_COUNTED``."""

    newest: tuple[Unread, ...]
    number: int


def unread(person: Person) -> Mentions:
    """Where the person was named in the workspace they work in and has not looked since."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = mentions.unread(conn, person.workspace_id, person.id, MOST_COUNTED + 1)
        people = dict(limits.members(conn, person.workspace_id)) if found else {}
    newest = tuple(replace(each, text=shown(each.text, people)) for each in found)
    return Mentions(newest=newest, number=found[0].total if found else 0)


def mark_read(person: Person, company_id: UUID) -> None:
    """The person has seen the notes about a company."""
    _mark(person, company_id)


def mark_all_read(person: Person) -> None:
    """The person has seen all notes that name them."""
    _mark(person, None)


def _mark(person: Person, company_id: UUID | None) -> None:
    with transaction(Role.WEB, proof=person.proof) as conn:
        mentions.mark_read(conn, person.workspace_id, person.id, company_id)
