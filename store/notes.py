"""Notes about companies of the book, and who is named in them. The database lets nobody write in another one's name."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def add(conn: Connection, workspace_id: UUID, company_id: UUID, user_id: UUID, text: str) -> int:
    """Add a note; returns its number."""
    return int(
        conn.execute(
            sa.text("""
                insert into activities (workspace_id, company_id, user_id, kind, detail)
                values (:workspace, :company, :user, 'note', jsonb_build_object('text', cast(:text as text)))
                returning id
            """),
            {"workspace": workspace_id, "company": company_id, "user": user_id, "text": text},
        ).scalar_one()
    )


def own_text(
    conn: Connection, workspace_id: UUID, company_id: UUID, user_id: UUID, note_id: int
) -> str | None:
    """What a note of one's own says, kept from changing until the transaction ends; None when there is none, or it is
    deleted."""
    found: str | None = conn.execute(
        sa.text("""
            select detail ->> 'text'
            from activities
            where workspace_id = :workspace
                and company_id = :company
                and id = :note
                and user_id = :user
                and kind = 'note'
                and deleted_at is null
            for update
        """),
        {"workspace": workspace_id, "company": company_id, "user": user_id, "note": note_id},
    ).scalar_one_or_none()
    return found


def rewrite(conn: Connection, workspace_id: UUID, note_id: int, text: str) -> None:
    """Have a note of one's own say something else; it shows that it was changed."""
    conn.execute(
        sa.text("""
            update activities
            set detail = jsonb_build_object('text', cast(:text as text))
            where workspace_id = :workspace
                and id = :note
        """),
        {"workspace": workspace_id, "note": note_id, "text": text},
    )


def delete(conn: Connection, workspace_id: UUID, note_id: int) -> None:
    """Take away what a note of one's own says; that it was there stays."""
    conn.execute(
        sa.text("""
            update activities
            set deleted_at = now()
            where workspace_id = :workspace
                and id = :note
        """),
        {"workspace": workspace_id, "note": note_id},
    )


def name(conn: Connection, workspace_id: UUID, note_id: int, author_id: UUID, people: Sequence[UUID]) -> None:
    """Have the note of ``author_id`` name these people and nobody else; who was named before is not told again."""
    given = {"workspace": workspace_id, "note": note_id, "author": author_id, "people": list(people)}
    conn.execute(
        sa.text("""
            delete from mentions
            where workspace_id = :workspace
                and activity_id = :note
                and author_id = :author
                and user_id <> all(cast(:people as uuid[]))
        """),
        given,
    )
    conn.execute(
        sa.text("""
            insert into mentions (workspace_id, activity_id, user_id, author_id)
            select cast(:workspace as uuid), cast(:note as bigint), user_id, cast(:author as uuid)
            from unnest(cast(:people as uuid[])) as user_id
            on conflict do nothing
        """),
        given,
    )
