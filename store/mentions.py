"""Who was named in notes and has not read it, and the mails that tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A note that names somebody who has not read it; ``author`` is None when they are not in the workspace any more.
    ``total`` is how many there are, at most one more than were to be counted."""

    company_id: UUID
    company: str
    author: str | None
    at: datetime
    text: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionMail:
    """A claimed mail; ``named_by`` says of each note who wrote it and about which company, the oldest first."""

    id: UUID
    recipient: str
    workspace_name: str
    tries: int
    claimed_at: datetime
    named_by: tuple[Mapping[str, Any], ...]


def unread(conn: Connection, workspace_id: UUID, user_id: UUID, most: int) -> list[Unread]:
    """The newest notes that name a person and that they have not read; ``most`` are counted."""
    rows = conn.execute(
        sa.text("""
            with counted as (
                select activity_id
                from mentions
                where workspace_id = :workspace
                    and user_id = :user
                    and read_at is null
                order by activity_id desc
                limit :most
            )
            select a.company_id, l.name as company, u.email as author, a.at, a.detail ->> 'text' as text,
                (select count(*) from counted) as total
            from counted n
            join activities a on a.workspace_id = :workspace and a.id = n.activity_id
            join leads l on l.workspace_id = a.workspace_id and l.company_id = a.company_id and l.is_current
            left join users u on u.id = a.user_id
            order by a.id desc
            limit :shown
        """),
        {"workspace": workspace_id, "user": user_id, "most": most, "shown": MOST_SHOWN},
    )
    return [Unread(**row._mapping) for row in rows]


def mark_read(conn: Connection, workspace_id: UUID, user_id: UUID, company_id: UUID | None) -> None:
    """A person has read where they were named: about one company, or everywhere."""
    conn.execute(
        sa.text("""
            update mentions m
            set read_at = now()
            where m.workspace_id = :workspace
                and m.user_id = :user
                and m.read_at is null
                and (cast(:company as uuid) is null or exists (
                    select from activities a
                    where a.workspace_id = m.workspace_id
                        and a.id = m.activity_id
                        and a.company_id = :company
                ))
        """),
        {"workspace": workspace_id, "user": user_id, "company": company_id},
    )


def mails_are_due(conn: Connection) -> bool:
    """Whether a mail about mentions waits to be sent now."""
    statement = sa.text("select exists (select from mentions where mail_due_at <= now())")
    return bool(conn.execute(statement).scalar_one())


def claim_mail(conn: Connection, hold_s: int) -> MentionMail | None:
    """Take the oldest mail that is due, with all there is to say in it: nobody else does for ``hold_s`` seconds."""
    row = conn.execute(sa.text("select * from mention_claim_mail(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else MentionMail(**{**row._mapping, "named_by": tuple(row.named_by)})


def mail_done(conn: Connection, mail: UUID, problem: str | None, *, again: bool) -> None:
    """Note that it was sent, or why not and whether to try again later."""
    conn.execute(
        sa.text("select mention_mail_done(:id, :problem, :again)"),
        {"id": mail, "problem": problem, "again": again},
    )
