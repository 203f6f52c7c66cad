"""Values of uploaded lists that are somebody's: removing them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Subject
from store.suppressions import hashed


def erase(conn: Connection, workspace_id: UUID | None, subjects: Sequence[Subject]) -> int | None:
    """Take subjects off every list of a workspace, or of all of them for an administrator of the installation; how many
    values went. Files that wait for a decision go, too. None while a list is being stored."""
    found = conn.execute(
        sa.text("""
            select subject_lists_erase(cast(:workspace as uuid), s.hash, s.kind) as gone
            from unnest(cast(:hashes as bytea[]), cast(:kinds as text[])) as s (hash, kind)
        """),
        {
            "workspace": workspace_id,
            "hashes": [hashed(subject.value) for subject in subjects],
            "kinds": [subject.kind.value for subject in subjects],
        },
    )
    gone = [int(each) for each in found.scalars()]
    return None if any(each < 0 for each in gone) else sum(gone)
