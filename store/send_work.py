"""Sending files of schedules: what the process does that has taken one up. It proves itself by a lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWork:
    """A file that was taken up to be sent for the ``tries``-th time. ``job_id`` is the time of the schedule that it was
    made for, due at ``due_at`` and begun at ``begun_at``; the file goes at ``ends_at``. ``sealed`` is the secret of the
    place."""

    workspace_id: UUID
    job_id: UUID
    secret: str = field(repr=False)
    schedule_id: UUID
    called: str
    due_at: datetime
    name: str
    format: str
    row_count: int
    size: int
    sha256: bytes
    target: str
    place: Mapping[str, Any]
    sealed: str | None = field(repr=False)
    tries: int
    recipient: str
    begun_at: datetime
    ends_at: datetime
    now_at: datetime
    token: int = 0


def are_due(conn: Connection) -> bool:
    """Whether a file waits to be sent."""
    return bool(conn.execute(sa.text("select schedule_send_is_due()")).scalar_one())


def take(conn: Connection, seconds: int) -> SendWork | None:
    """Take up the file that has waited longest, for so many seconds from the last word on."""
    row = conn.execute(
        sa.text("select * from schedule_send_take(:seconds)"), {"seconds": seconds}
    ).one_or_none()
    return None if row is None else SendWork(**{**row._mapping, "sha256": bytes(row.sha256)})


def part(conn: Connection, number: int) -> bytes | None:
    """A part of the file, from 0 on; None behind the last one, and when the file is not ours any more."""
    data = conn.execute(sa.text("select schedule_send_part(:number)"), {"number": number}).scalar_one()
    return None if data is None else bytes(data)


def go_on(conn: Connection, seconds: int) -> bool:
    """Hold it for so many seconds more; False when it was let go or somebody else sends it."""
    return bool(
        conn.execute(sa.text("select schedule_send_go_on(:seconds)"), {"seconds": seconds}).scalar_one()
    )


def done(conn: Connection, went_to: str) -> bool:
    """It has arrived; False as of ``go_on``."""
    return bool(conn.execute(sa.text("select schedule_send_done(:place)"), {"place": went_to}).scalar_one())


def failed(conn: Connection, why: str, wait_s: float | None) -> bool:
    """It has not arrived, and is tried again after so many seconds, None: not any more; False as of ``go_on``."""
    said = conn.execute(sa.text("select schedule_send_failed(:why, :wait_s)"), {"why": why, "wait_s": wait_s})
    return bool(said.scalar_one())
