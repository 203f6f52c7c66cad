"""Wake-ups and messages promised in the same transaction as the work: sent later, sent again, never lost."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeUp:
    """One promised enqueue: job and attempt are all that travels through Redis."""

    id: UUID
    workspace_id: UUID
    job_id: UUID
    attempt: int


def promise(conn: Connection, workspace_id: UUID, job_id: UUID, attempt: int) -> WakeUp:
    """Promise to enqueue this attempt; promising it again returns the first promise, unsent."""
    row = conn.execute(
        sa.text("""
            insert into outbox (workspace_id, id, kind, job_id, attempt)
            values (:workspace, :id, 'run_campaign', :job, :attempt)
            on conflict (workspace_id, job_id, kind, attempt)
            do update set sent_at = null
            returning id
        """),
        {"workspace": workspace_id, "id": new_id(), "job": job_id, "attempt": attempt},
    ).one()
    return WakeUp(id=row.id, workspace_id=workspace_id, job_id=job_id, attempt=attempt)


def announce_end(conn: Connection, workspace_id: UUID, job_id: UUID, *, of_bulk: bool = False) -> None:
    """Promise to tell the campaign's owner that it ended; the same end is told once. Of a campaign of a bulk order that
    is the end ``of_bulk``, by its last one."""
    conn.execute(
        sa.text("""
            insert into outbox (workspace_id, id, kind, job_id, attempt)
            select j.workspace_id, :id, 'campaign_ended', j.id, j.attempt
            from discovery_jobs j
            join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
            where j.workspace_id = :workspace and j.id = :job and (c.bulk_id is null or :of_bulk)
            on conflict do nothing
        """),
        {"workspace": workspace_id, "id": new_id(), "job": job_id, "of_bulk": of_bulk},
    )


def unsent(conn: Connection, limit: int = 100) -> list[WakeUp]:
    """Promises that were not kept yet, oldest first."""
    rows = conn.execute(
        sa.text("""
            select id, workspace_id, job_id, attempt
            from outbox
            where sent_at is null and kind = 'run_campaign'
            order by created_at
            limit :limit
            for update skip locked
        """),
        {"limit": limit},
    )
    return [WakeUp(**row._mapping) for row in rows]


def mark_sent(conn: Connection, wake_up: WakeUp) -> None:
    """The promise was kept."""
    conn.execute(
        sa.text("update outbox set sent_at = now() where workspace_id = :workspace and id = :id"),
        {"workspace": wake_up.workspace_id, "id": wake_up.id},
    )
