"""Invitations to somebody: what is held, and removing it with what the audit log says of it."""

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
class HeldInvitation:
    """An invitation to an address that has no account."""

    email: str
    role: str
    by: str | None
    at: datetime


def held(conn: Connection, workspace_id: UUID, subject: Subject) -> list[HeldInvitation]:
    """The invitations of a workspace that went to a subject."""
    rows = conn.execute(
        sa.text("""
            select i.email, i.role, u.email as by, i.created_at as at
            from subject_invitations(cast(:workspace as uuid), cast(:subject as jsonb)) i
            left join users u on u.id = i.invited_by
            order by i.created_at
        """),
        arguments(workspace_id, subject),
    )
    return [HeldInvitation(**row._mapping) for row in rows]


def erase(conn: Connection, workspace_id: UUID | None, *subjects: Subject) -> Mapping[str, int]:
    """Remove the invitations to a subject, without a workspace in all of them, and its address from the audit log; how
    many ``invitations`` and ``acts`` that were."""
    done: Mapping[str, int] = conn.execute(
        sa.text("select subject_erase_invited(cast(:workspace as uuid), cast(:subject as jsonb))"),
        arguments(workspace_id, *subjects),
    ).scalar_one()
    return done
