"""Tags of campaigns that name somebody: what is held, and removing it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Subject
from store.subjects import arguments


def erase(conn: Connection, workspace_id: UUID | None, *subjects: Subject) -> int:
    """Remove the tags that name one of the subjects; how many. Without a workspace: in all of them, for an
    administrator of the installation."""
    return int(
        conn.execute(
            sa.text("select subject_erase_tags(cast(:workspace as uuid), cast(:subject as jsonb))"),
            arguments(workspace_id, *subjects),
        ).scalar_one()
    )


def held(conn: Connection, workspace_id: UUID, subject: Subject) -> list[tuple[str, str]]:
    """The tags that name a subject: the title of the campaign, and the tag."""
    rows = conn.execute(
        sa.text("""
            select c.title, s.tag
            from subject_tags(:workspace, cast(:subject as jsonb)) s
            join campaigns c on c.workspace_id = s.workspace_id and c.id = s.campaign_id
            order by c.created_at, s.tag
        """),
        arguments(workspace_id, subject),
    )
    return [(row.title, row.tag) for row in rows]
