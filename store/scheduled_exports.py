"""Schedules that send files: what each holds and where it goes, and what came of each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.schedules import Repeating

PURPOSE = "scheduled export"
"""What passwords and keys are sealed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a schedule sends and where, as it is kept: ``asked`` as in ``export_files``, ``place`` as in
    ``pipeline.delivery.places``, ``secret`` sealed."""

    format: str
    asked: Mapping[str, Any]
    target: str
    place: Mapping[str, Any]
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportScheduleRow(Repeating):
    """A schedule that sends files, as it is listed."""

    format: str
    asked: Mapping[str, Any]
    target: str
    place: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRow:
    """What came of one time: ``making`` while the file is made or sent, ``sent``, ``failed``, ``let_go`` or
    ``still_running``. ``place`` is where it went, ``said`` why it did not, or not yet; ``try_at`` when it is tried
    next. ``has_file``: whoever asks may download it; ``can_send_again``: they may have it sent once more."""

    id: UUID
    due_at: datetime
    begun_at: datetime
    missed: int
    outcome: str
    row_count: int | None
    left_out: int | None
    bytes: int | None
    place: str | None
    said: str
    tries: int
    try_at: datetime | None
    sent_at: datetime | None
    has_file: bool
    can_send_again: bool


def describe(conn: Connection, workspace_id: UUID, schedule: UUID, parts: Parts) -> None:
    """Say of a schedule that was just stored what it sends."""
    conn.execute(
        sa.text("""
            insert into schedule_exports (workspace_id, schedule_id, format, asked, target, place, secret)
            values (:workspace, :id, :format, cast(:asked as jsonb), :target, cast(:place as jsonb), :secret)
        """),
        _values(workspace_id, schedule, parts),
    )


def change(conn: Connection, workspace_id: UUID, schedule: UUID, parts: Parts) -> bool:
    """Say it anew, but for the secret; False when there is none that whoever asks may change."""
    done = conn.execute(
        sa.text("""
            update schedule_exports
            set format = :format, asked = cast(:asked as jsonb), target = :target, place = cast(:place as jsonb)
            where workspace_id = :workspace and schedule_id = :id
        """),
        _values(workspace_id, schedule, parts),
    )
    return done.rowcount > 0


def set_secret(conn: Connection, workspace_id: UUID, schedule: UUID, sealed: str | None) -> None:
    """Keep another secret, or none."""
    conn.execute(
        sa.text(
            "update schedule_exports set secret = :secret where workspace_id = :workspace and schedule_id = :id"
        ),
        {"workspace": workspace_id, "id": schedule, "secret": sealed},
    )


def secret(conn: Connection, workspace_id: UUID, schedule: UUID) -> str | None:
    """The sealed secret, for who may change the schedule."""
    found: str | None = conn.execute(
        sa.text("select schedule_export_secret(:workspace, :id)"),
        {"workspace": workspace_id, "id": schedule},
    ).scalar_one()
    return found


def listing(conn: Connection, workspace_id: UUID) -> list[ExportScheduleRow]:
    """All of a workspace, those first that are due next."""
    rows = conn.execute(
        sa.text("""
            select s.id, s.created_by as creator_id, u.email as created_by, s.name, s.cron, s.time_zone, s.next_at,
                s.paused_at, s.pause_cause, s.created_at, e.format, e.asked, e.target, e.place,
                (select count(*) from schedule_runs r where r.workspace_id = s.workspace_id and r.schedule_id = s.id)
                    as runs
            from schedules s
            join schedule_exports e on e.workspace_id = s.workspace_id and e.schedule_id = s.id
            left join users u on u.id = s.created_by
            where s.workspace_id = :workspace
            order by s.next_at nulls last, s.name, s.id
        """),
        {"workspace": workspace_id},
    )
    return [ExportScheduleRow(**row._mapping) for row in rows]


def runs(conn: Connection, workspace_id: UUID, schedule: UUID, most: int) -> list[SendRow]:
    """What came of it, the newest first."""
    rows = conn.execute(
        sa.text("""
            select r.id, r.due_at, r.begun_at, r.missed, r.outcome, r.row_count, r.left_out, r.bytes, r.place, r.said,
                r.tries, r.try_at, r.sent_at, f.id is not null as has_file,
                r.outcome = 'failed' and schedule_file_waits(r.workspace_id, r.id) as can_send_again
            from schedule_runs r
            left join export_files f
                on f.workspace_id = r.workspace_id and f.id = r.id and f.state = 'ready' and f.ends_at > now()
            where r.workspace_id = :workspace and r.schedule_id = :schedule
            order by r.begun_at desc
            limit :most
        """),
        {"workspace": workspace_id, "schedule": schedule, "most": most},
    )
    return [SendRow(**row._mapping) for row in rows]


def send_again(conn: Connection, workspace_id: UUID, run: UUID) -> bool:
    """Have a file that was not sent tried anew; False unless it is there still and whoever asks may change its
    schedule."""
    done = conn.execute(
        sa.text("select schedule_send_again(:workspace, :run)"), {"workspace": workspace_id, "run": run}
    )
    return bool(done.scalar_one())


def _values(workspace_id: UUID, schedule: UUID, parts: Parts) -> dict[str, object]:
    return {
        "workspace": workspace_id,
        "id": schedule,
        "format": parts.format,
        "asked": json.dumps(parts.asked),
        "target": parts.target,
        "place": json.dumps(parts.place),
        "secret": parts.secret,
    }
