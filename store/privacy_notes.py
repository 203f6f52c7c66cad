"""What a workspace says of the legal basis of its work, typed once and shown in the data sheets of its exports."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def get(conn: Connection, workspace_id: UUID) -> str:
    """The note; empty when nobody wrote one."""
    found = conn.execute(
        sa.text("select legal_basis from privacy_notes where workspace_id = :workspace"),
        {"workspace": workspace_id},
    ).scalar_one_or_none()
    return found or ""


def put(conn: Connection, workspace_id: UUID, user_id: UUID, legal_basis: str) -> None:
    """Keep the note in place of the one before."""
    conn.execute(
        sa.text("""
            insert into privacy_notes (workspace_id, legal_basis, updated_by)
            values (:workspace, :note, :user)
            on conflict (workspace_id) do update
            set legal_basis = excluded.legal_basis, updated_by = excluded.updated_by, updated_at = now()
        """),
        {"workspace": workspace_id, "note": legal_basis, "user": user_id},
    )
