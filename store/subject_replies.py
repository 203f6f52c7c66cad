"""Answers kept for programs, and quotes, that name somebody: removing them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Subject
from store.subjects import arguments


def erase(conn: Connection, workspace_id: UUID | None, *subjects: Subject) -> int:
    """Remove those that name one of the subjects, without a workspace in all of them; how many that were."""
    return int(
        conn.execute(
            sa.text("select subject_erase_replies(cast(:workspace as uuid), cast(:subject as jsonb))"),
            arguments(workspace_id, *subjects),
        ).scalar_one()
    )
