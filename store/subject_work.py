"""What people did and typed in the book about somebody who asks what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Subject
from pipeline.words import mentions
from store.subjects import arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEdit:
    """A value of the subject that a person typed, or one that names it; ``typed`` are all values it sets, by name."""

    at: datetime
    by: str | None
    field: str
    typed: Mapping[str, object]


def edits(conn: Connection, workspace_id: UUID, subject: Subject) -> list[HeldEdit]:
    """What people typed of the subject."""
    rows = conn.execute(
        sa.text("""
            select e.at, u.email as by, e.field, e.typed
            from subject_edits(:workspace, cast(:subject as jsonb)) s
            join company_edits e on e.workspace_id = s.workspace_id
                and e.company_id = s.company_id
                and e.field = s.field
            left join users u on u.id = e.user_id
            order by e.at, e.field
        """),
        arguments(workspace_id, subject),
    )
    return [HeldEdit(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNote:
    """Something that was done about the subject in the book, or a note that names it."""

    at: datetime
    by: str | None
    kind: str
    detail: Mapping[str, object]


def notes(conn: Connection, workspace_id: UUID, subject: Subject) -> list[HeldNote]:
    """What was done about the subject in the book, and the notes that name it."""
    rows = conn.execute(
        sa.text("""
            select a.at, u.email as by, a.kind, a.detail
            from subject_activities(:workspace, cast(:subject as jsonb)) s
            join activities a on a.workspace_id = s.workspace_id and a.id = s.id
            left join users u on u.id = a.user_id
            order by a.id
        """),
        arguments(workspace_id, subject),
    )
    held = [HeldNote(**row._mapping) for row in rows]
    people = _addresses(conn, held)
    return [
        replace(each, detail={**each.detail, "text": mentions.shown(str(each.detail["text"]), people)})
        if each.kind == "note"
        else each
        for each in held
    ]


def _addresses(conn: Connection, held: Sequence[HeldNote]) -> dict[UUID, str]:
    """The addresses of the people whom notes mention."""
    named = {
        user for each in held if each.kind == "note" for user in mentions.named(str(each.detail["text"]))
    }
    if not named:
        return {}
    found = conn.execute(
        sa.text("select id, email from users where id = any(:people)"), {"people": list(named)}
    )
    return {row.id: row.email for row in found}
