"""What people did and typed in the book about somebody who asks what is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Subject
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
    return [HeldNote(**row._mapping) for row in rows]
