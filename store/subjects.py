"""What is held about somebody, and removing it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.lead import Lead
from pipeline.subject_patterns import query
from pipeline.suppression import Subject
from store.businesses import business_of
from store.lead_rows import lead_of
from store.suppressions import hashed


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLead:
    """A lead that is the subject, or names it, and the campaign it was found for. ``retain_until`` is the day until
    which some of its values may be kept, ``found`` what sources gave where a person typed another value,
    ``exported_at`` when its company last left in a file."""

    campaign_id: UUID
    campaign: str
    ordered_by: str | None
    is_whole: bool
    since: datetime
    updated_at: datetime
    retain_until: str | None
    lead: Lead
    found: Mapping[str, Mapping[str, Any]]
    exported_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCall:
    """A question to a provider about the subject, or an answer that names it."""

    provider: str
    operation: str
    campaign: str
    asked_at: datetime
    is_answer_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAnswer:
    """An answer that is kept for everybody for a while."""

    provider: str
    operation: str
    fetched_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An export of a campaign, or of the book, that held the subject at the time."""

    campaign: str
    by: str | None
    at: datetime
    format: str
    rows: int


def about(conn: Connection, workspace_id: UUID | None, *subjects: Subject) -> list[tuple[str, str]]:
    """The domains and addresses of the businesses that are one of the subjects: what, and its value. Without a
    workspace: in all of them, for an administrator of the installation."""
    rows = conn.execute(
        sa.text("select what, value from subject_about(:workspace, cast(:subject as jsonb))"),
        arguments(workspace_id, *subjects),
    )
    return [(row.what, row.value) for row in rows]


def erase(
    conn: Connection, workspace_id: UUID | None, questions: str, subject: Subject, *others: Subject
) -> Mapping[str, int]:
    """Remove everything about a subject and keep it away from then on; how many rows of each kind were concerned.

    ``others`` are companies of the workspace, as the subject is. ``questions`` are those that answers kept for
    everybody are found by. ``running`` alone: a campaign that knows of one has not ended, and nothing was done.
    """
    asked = arguments(workspace_id, subject, *others)
    typed = conn.execute(
        sa.text("select subject_forget_edits(cast(:workspace as uuid), cast(:subject as jsonb))"),
        asked,
    ).scalar_one()
    done: Mapping[str, int] = conn.execute(
        sa.text("""
            select subject_erase(
                cast(:workspace as uuid), cast(:subject as jsonb), cast(:questions as jsonb), :hash, :hint
            )
        """),
        {
            **asked,
            "questions": questions,
            "hash": hashed(subject.value),
            "hint": subject.hint,
        },
    ).scalar_one()
    if others and "running" not in done:
        conn.execute(
            sa.text("select subject_keep_away(:workspace, cast(:hashes as bytea[]), cast(:hints as text[]))"),
            {
                "workspace": workspace_id,
                "hashes": [hashed(other.value) for other in others],
                "hints": [other.hint for other in others],
            },
        )
    return {**done, "edits": typed}


def leads(conn: Connection, workspace_id: UUID, subject: Subject) -> list[HeldLead]:
    """Every lead that is the subject or names it."""
    rows = conn.execute(
        sa.text("""
            select l.*, c.title as campaign, u.email as ordered_by, s.is_whole, o.exported_at
            from subject_businesses(:workspace, cast(:subject as jsonb)) s
            join leads l on l.workspace_id = s.workspace_id and l.business_id = s.business_id
            join campaigns c on c.workspace_id = l.workspace_id and c.id = l.campaign_id
            join companies o on o.workspace_id = l.workspace_id and o.id = l.company_id
            left join users u on u.id = c.created_by
            order by l.created_at
        """),
        arguments(workspace_id, subject),
    )
    return [_held(row) for row in rows]


def businesses(conn: Connection, workspace_id: UUID, subject: Subject) -> list[HeldLead]:
    """Every business that is the subject or names it, and became no lead."""
    rows = conn.execute(
        sa.text("""
            select b.*, c.title as campaign, u.email as ordered_by, s.is_whole
            from subject_businesses(:workspace, cast(:subject as jsonb)) s
            join businesses b on b.workspace_id = s.workspace_id and b.id = s.business_id
            join campaigns c on c.workspace_id = b.workspace_id and c.id = b.campaign_id
            left join users u on u.id = c.created_by
            where not exists (
                select from leads l where l.workspace_id = b.workspace_id and l.business_id = b.id
            )
            order by b.created_at
        """),
        arguments(workspace_id, subject),
    )
    return [
        HeldLead(
            campaign_id=row.campaign_id,
            campaign=row.campaign,
            ordered_by=row.ordered_by,
            is_whole=row.is_whole,
            since=row.created_at,
            updated_at=row.created_at,
            retain_until=None,
            lead=Lead(business=business_of(row)),
            found={},
        )
        for row in rows
    ]


def calls(conn: Connection, workspace_id: UUID, subject: Subject) -> list[HeldCall]:
    """Every question about the subject."""
    rows = conn.execute(
        sa.text("""
            select p.provider, p.operation, c.title as campaign, p.created_at as asked_at,
                p.response is not null as is_answer_held
            from subject_calls(:workspace, cast(:subject as jsonb)) s
            join provider_calls p on p.workspace_id = s.workspace_id and p.key = s.key
            join campaigns c on c.workspace_id = p.workspace_id and c.id = p.campaign_id
            order by p.created_at
        """),
        arguments(workspace_id, subject),
    )
    return [HeldCall(**row._mapping) for row in rows]


def kept(conn: Connection, workspace_id: UUID, subject: Subject, questions: str) -> list[HeldAnswer]:
    """Answers about the subject that are kept for everybody."""
    rows = conn.execute(
        sa.text("""
            select provider, operation, fetched_at, expires_at
            from subject_kept(:workspace, cast(:subject as jsonb), cast(:questions as jsonb))
            order by fetched_at
        """),
        {**arguments(workspace_id, subject), "questions": questions},
    )
    return [HeldAnswer(**row._mapping) for row in rows]


def exports(conn: Connection, workspace_id: UUID, subject: Subject) -> list[Taken]:
    """Every export of a campaign, or of the book, after it had the subject; the filter of one may have left it out."""
    rows = conn.execute(
        sa.text("""
            select coalesce(c.title, 'Lead book') as campaign, u.email as by, e.created_at as at, e.format,
                e.row_count as rows
            from exports e
            left join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
            left join users u on u.id = e.user_id
            where e.workspace_id = :workspace
                and exists (
                    select from subject_businesses(:workspace, cast(:subject as jsonb)) s
                    join leads l on l.workspace_id = s.workspace_id and l.business_id = s.business_id
                    where s.campaign_id = coalesce(e.campaign_id, s.campaign_id) and l.created_at <= e.created_at
                )
            order by e.created_at
        """),
        arguments(workspace_id, subject),
    )
    return [Taken(**row._mapping) for row in rows]


def note_report(conn: Connection, workspace_id: UUID, subject: Subject) -> None:
    """Keep that a report about somebody was taken, not about whom."""
    conn.execute(
        sa.text("select subject_reported(:workspace, :hash, :kind)"),
        {"workspace": workspace_id, "hash": hashed(subject.value), "kind": subject.kind.value},
    )


def _held(row: sa.Row[Any]) -> HeldLead:
    return HeldLead(
        campaign_id=row.campaign_id,
        campaign=row.campaign,
        ordered_by=row.ordered_by,
        is_whole=row.is_whole,
        since=row.created_at,
        updated_at=row.updated_at,
        retain_until=row.retain_until.isoformat() if row.retain_until else None,
        lead=lead_of(row),
        found=row.found,
        exported_at=row.exported_at,
    )


def arguments(workspace_id: UUID | None, *subjects: Subject) -> dict[str, object]:
    """What the functions of the database that are about somebody ask for; several are companies."""
    return {"workspace": workspace_id, "subject": json.dumps(query(*subjects), ensure_ascii=False)}
