"""Saved views of leads that name somebody: what they are, and taking the mention out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Subject
from store.subjects import arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """A view whose name or filters name the subject."""

    name: str
    by: str | None
    since: datetime


def held(conn: Connection, workspace_id: UUID, subject: Subject) -> list[HeldView]:
    """The views of a workspace that name a subject, of whoever they are."""
    rows = conn.execute(
        sa.text("""
            select v.name, u.email as by, v.created_at as since
            from subject_views(cast(:workspace as uuid), cast(:subject as jsonb)) v
            left join users u on u.id = v.made_by
            order by v.created_at
        """),
        arguments(workspace_id, subject),
    )
    return [HeldView(**row._mapping) for row in rows]


def erase(conn: Connection, workspace_id: UUID | None, *subjects: Subject) -> int:
    """Take the mention out of the views that name one of the subjects, without a workspace out of all; how many that
    were."""
    return int(
        conn.execute(
            sa.text("select subject_erase_views(cast(:workspace as uuid), cast(:subject as jsonb))"),
            arguments(workspace_id, *subjects),
        ).scalar_one()
    )
