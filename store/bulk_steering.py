"""What is done to all campaigns of a bulk order at once. Each locks the bulk order first, as taking turns does."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.progress import End


def pause(conn: Connection, workspace_id: UUID, bulk_id: UUID) -> None:
    """No further campaign of it begins; those in line leave it, and what runs goes on to its end."""
    given = {"workspace": workspace_id, "bulk": bulk_id}
    conn.execute(
        sa.text("""
            update bulk_orders
            set paused_at = coalesce(paused_at, now())
            where workspace_id = :workspace and id = :bulk
        """),
        given,
    )
    # With another attempt a wake-up that was sent already is ignored.
    conn.execute(
        sa.text("""
            update discovery_jobs j
            set wake_at = 'infinity', attempt = j.attempt + 1
            from campaigns c
            where c.workspace_id = :workspace
                and c.bulk_id = :bulk
                and c.ended_at is null
                and j.workspace_id = c.workspace_id
                and j.campaign_id = c.id
                and j.status = 'pending'
                and j.wake_at < 'infinity'
        """),
        given,
    )


def resume(conn: Connection, workspace_id: UUID, bulk_id: UUID) -> None:
    """Its campaigns take turns again."""
    conn.execute(
        sa.text("update bulk_orders set paused_at = null where workspace_id = :workspace and id = :bulk"),
        {"workspace": workspace_id, "bulk": bulk_id},
    )


def raise_cap(conn: Connection, bulk_id: UUID, amount_micros: int, idem_key: str, most_micros: int) -> bool:
    """Let its campaigns spend more together; False when the key was used already or it cannot be."""
    return bool(
        conn.execute(
            sa.text("select app_raise_cap(:bulk, :amount, :key, :most)"),
            {"bulk": bulk_id, "amount": amount_micros, "key": idem_key, "most": most_micros},
        ).scalar_one()
    )


def hold(conn: Connection, workspace_id: UUID, job_id: UUID) -> None:
    """A job that was opened again waits for its turn, too."""
    conn.execute(
        sa.text(
            "update discovery_jobs set wake_at = 'infinity' where workspace_id = :workspace and id = :job"
        ),
        {"workspace": workspace_id, "job": job_id},
    )


def stop(conn: Connection, workspace_id: UUID, bulk_id: UUID, end: End) -> list[tuple[UUID, bool]]:
    """Ask all of its campaigns to stop, and end those that never began.

    Returns the jobs of the others, each with whether a worker runs it now and will stop by itself.
    """
    given = {"workspace": workspace_id, "bulk": bulk_id}
    conn.execute(
        sa.text("""
            update bulk_orders
            set stopped_at = coalesce(stopped_at, now()), paused_at = null
            where workspace_id = :workspace and id = :bulk
        """),
        given,
    )
    _end_those_that_wait(conn, given, end)
    rows = conn.execute(
        sa.text("""
            update discovery_jobs j
            set cancel_requested_at = coalesce(j.cancel_requested_at, now())
            from campaigns c
            where c.workspace_id = :workspace
                and c.bulk_id = :bulk
                and c.ended_at is null
                and j.workspace_id = c.workspace_id
                and j.campaign_id = c.id
                and j.status in ('pending', 'processing')
            returning j.id, coalesce(j.lease_until > now(), false) as running
        """),
        given,
    )
    return [(row.id, row.running) for row in rows]


def _end_those_that_wait(conn: Connection, of_bulk: Mapping[str, UUID], end: End) -> None:
    """In one statement: nothing was asked for them, and nothing is found."""
    conn.execute(
        sa.text("""
            with job as (
                update discovery_jobs j
                set status = :status, ended_at = now(), updated_at = now(), cancel_requested_at = now(),
                    lease_token = j.lease_token + 1
                from campaigns c
                where c.workspace_id = :workspace
                    and c.bulk_id = :bulk
                    and c.ended_at is null
                    and j.workspace_id = c.workspace_id
                    and j.campaign_id = c.id
                    and j.status = 'pending'
                    and j.started_at is null
                returning j.workspace_id, j.id, j.campaign_id
            ),
            told as (
                insert into job_events (workspace_id, job_id, stage, progress, message)
                select workspace_id, id, 'initializing', 0, :message
                from job
            )
            update campaigns c
            set status = :status, outcome_reason = :reason, ended_at = now()
            from job
            where c.workspace_id = job.workspace_id and c.id = job.campaign_id
        """),
        {**of_bulk, "status": end.status, "reason": end.reason, "message": end.message},
    )
