"""What administrators steer: the queue, one worker, anybody's job."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def pause(conn: Connection, wanted: bool) -> None:
    """Pause the queue, or go on; recorded by the database."""
    conn.execute(sa.text("select queue_pause(:wanted)"), {"wanted": wanted})


def rest(conn: Connection, worker: str, wanted: bool) -> bool:
    """Have a worker take no more campaigns, or go on; recorded by the database. False when there is none of that
    name."""
    found = conn.execute(
        sa.text("select worker_rest(:worker, :wanted)"), {"worker": worker, "wanted": wanted}
    )
    return bool(found.scalar_one())


def delete(conn: Connection, job_id: UUID) -> bool:
    """Delete an ended job with its campaign, recorded by the database; False when there is none."""
    return bool(conn.execute(sa.text("select job_delete(:job)"), {"job": job_id}).scalar_one())


def attempt(conn: Connection, job_id: UUID) -> int | None:
    """The attempt that a waiting job waits for; None when it does not wait."""
    return conn.execute(
        sa.text("select attempt from discovery_jobs where id = :job and status = 'pending'"), {"job": job_id}
    ).scalar_one_or_none()
