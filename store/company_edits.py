"""What people correct about companies; the database puts it over what campaigns found, and notes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.corrections import Typed


def write(
    conn: Connection, workspace_id: UUID, company_id: UUID, user_id: UUID, edits: Mapping[str, Typed]
) -> None:
    """Set what a person says of a company, by field; the database lets nobody write in another one's name."""
    conn.execute(
        sa.text("""
            insert into company_edits (workspace_id, company_id, field, typed, user_id)
            select :workspace, :company, given.key, given.value, :user
            from jsonb_each(cast(:edits as jsonb)) as given
            on conflict (workspace_id, company_id, field) do update
            set typed = excluded.typed,
                user_id = excluded.user_id,
                at = now()
        """),
        {
            "workspace": workspace_id,
            "company": company_id,
            "user": user_id,
            "edits": json.dumps(edits, ensure_ascii=False),
        },
    )


def take_back(conn: Connection, workspace_id: UUID, company_id: UUID, fields: Sequence[str]) -> int:
    """Let what sources say stand again; returns of how many fields."""
    return conn.execute(
        sa.text("""
            delete from company_edits
            where workspace_id = :workspace
                and company_id = :company
                and field = any(:fields)
        """),
        {"workspace": workspace_id, "company": company_id, "fields": list(fields)},
    ).rowcount
