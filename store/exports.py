"""Who took which leads, when: one row an export."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file somebody took. ``where`` is the filter as JSON."""

    user_id: UUID
    kind: str
    where: str
    rows: int
    data: bytes


def record(conn: Connection, campaign: tuple[UUID, UUID | None], export: Export) -> None:
    """Note an export of a campaign, given by workspace and id, or without an id of the book; of the file itself only
    its SHA-256 is kept."""
    conn.execute(
        sa.text("""
            insert into exports (workspace_id, id, campaign_id, user_id, format, filter, row_count, sha256)
            values (:workspace, :id, :campaign, :user, :format, cast(:filter as jsonb), :rows, :sha)
        """),
        {
            "workspace": campaign[0],
            "id": new_id(),
            "campaign": campaign[1],
            "user": export.user_id,
            "format": export.kind,
            "filter": export.where,
            "rows": export.rows,
            "sha": hashlib.sha256(export.data).digest(),
        },
    )
