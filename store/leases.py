"""The right to run a job: a lease with a fencing token, kept by Postgres's clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import settings
from pipeline.campaign import CampaignSpec
from pipeline.errors import Cancelled, LeaseLost, OutOfTime, Stopped

HEARTBEAT_S = 1.0
CANCEL_GRACE_S = 3
"""How long a cancelled run may take to end by itself before its end is written for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What a worker holds while it runs a job. A later claim makes ``token`` and ``secret`` worthless; the database
    takes nobody for the holder who does not know the secret, of which it keeps the hash."""

    workspace_id: UUID
    job_id: UUID
    campaign_id: UUID
    attempt: int
    token: int
    secret: str = field(repr=False)


def claim(conn: Connection, job_id: UUID, attempt: int, owner: str) -> Lease | None:
    """Take the job when nobody holds it and this attempt is the one that was asked for; else None."""
    row = conn.execute(
        sa.text("select * from lease_claim(:job, :attempt, :owner, :lease)"),
        {"job": job_id, "attempt": attempt, "owner": owner, "lease": _lease_s()},
    ).one_or_none()
    return None if row is None else Lease(**row._mapping)


def start(conn: Connection, lease: Lease) -> CampaignSpec:
    """Mark the campaign as running and return its order."""
    row = conn.execute(
        sa.text("""
            update campaigns
            set status = 'processing', started_at = coalesce(started_at, now())
            where workspace_id = :workspace and id = :id and ended_at is null
            returning spec
        """),
        {"workspace": lease.workspace_id, "id": lease.campaign_id},
    ).one_or_none()
    if row is None:
        raise LeaseLost
    return CampaignSpec.model_validate(row.spec)


class LeaseState(StrEnum):
    """What a heartbeat learns of its lease."""

    KEPT = "kept"
    LOST = "lost"
    CANCELLED = "cancelled"
    """It is still ours, but was cancelled long enough ago."""


def extend(conn: Connection, lease: Lease) -> LeaseState:
    """Push the end of the lease back."""
    cancelled = conn.execute(
        sa.text("""
            update discovery_jobs
            set lease_until = now() + make_interval(secs => :lease)
            where id = :job and lease_token = :token and lease_until > now()
            returning coalesce(cancel_requested_at < now() - make_interval(secs => :grace), false)
        """),
        {
            "job": lease.job_id,
            "token": lease.token,
            "lease": _lease_s(),
            "grace": CANCEL_GRACE_S,
        },
    ).scalar_one_or_none()
    if cancelled is None:
        return LeaseState.LOST
    return LeaseState.CANCELLED if cancelled else LeaseState.KEPT


def fence(conn: Connection, lease: Lease) -> None:
    """Hold the job's row for this transaction. Raises LeaseLost, Cancelled or OutOfTime.

    The row lock makes a new claim wait for this transaction, so nothing stale commits after it.
    """
    judge(_state(conn, lease))


def judge(state: str) -> None:
    """Raises what the database's word for a lease means, unless it is ``held``."""
    if state in _ENDED:
        raise _ENDED[state]


def is_ours(conn: Connection, lease: Lease) -> bool:
    """Hold the job's row for this transaction, whether it should go on or not; False when the lease is lost."""
    return _state(conn, lease) != "lost"


_ENDED: dict[str, type[Stopped]] = {"lost": LeaseLost, "cancelled": Cancelled, "out_of_time": OutOfTime}


def _state(conn: Connection, lease: Lease) -> str:
    return str(
        conn.execute(
            sa.text("select lease_state(:job, :token, :minutes)"),
            {"job": lease.job_id, "token": lease.token, "minutes": settings.get().campaign_minutes},
        ).scalar_one()
    )


def hand_over(conn: Connection, lease: Lease) -> None:
    """Put an unfinished job back in line at once, without counting it as a failed attempt."""
    conn.execute(
        sa.text("""
            update discovery_jobs
            set status = 'pending', lease_until = null, lease_owner = null, wake_at = '-infinity'
            where id = :job and lease_token = :token
        """),
        {"job": lease.job_id, "token": lease.token},
    )


def _lease_s() -> int:
    return settings.get().lease_s
