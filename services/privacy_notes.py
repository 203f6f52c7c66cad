"""The note on the legal basis that a workspace gives with its exports."""

from __future__ import annotations

from services.errors import Invalid
from services.identity import Person
from services.permissions import Right, require
from store import privacy_notes
from store.database import Role, transaction

MAX_NOTE = 2000
"""Characters of the note; our own choice."""


def legal_basis(person: Person) -> str:
    """The workspace's note; empty when nobody wrote one."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return privacy_notes.get(conn, person.workspace_id)


def say(person: Person, note: str) -> None:
    """Keep the workspace's note. Raises NotAllowed, and Invalid for one that is too long."""
    require(person, Right.STATE_LEGAL_BASIS)
    plain = "\n".join(line.rstrip() for line in note.replace("\x00", "").splitlines()).strip()
    if len(plain) > MAX_NOTE:
        raise Invalid(f"The note may have {MAX_NOTE:,} characters.")
    with transaction(Role.WEB, proof=person.proof) as conn:
        privacy_notes.put(conn, person.workspace_id, person.id, plain)
