"""Orders that repeat, as their workspace sees and changes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from pipeline.campaign import CampaignSpec
from pipeline.timing import Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """A schedule about to be stored; ``spec`` is None of one that sends files. ``month_micros``: what its orders of a
    month may come to, None for no such cap."""

    workspace_id: UUID
    id: UUID
    created_by: UUID
    name: str
    spec: CampaignSpec | None
    timing: Timing
    month_micros: int | None
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeating:
    """What repeats as it is listed, whatever it does. ``created_by`` is an address, None of somebody who left;
    ``creator_id`` is theirs. ``next_at`` is None while it is paused, for ``pause_cause``."""

    id: UUID
    creator_id: UUID
    created_by: str | None
    name: str
    cron: str
    time_zone: str
    next_at: datetime | None
    paused_at: datetime | None
    pause_cause: str | None
    created_at: datetime
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow(Repeating):
    """An order that repeats. ``spent_micros``: what its orders of this month came to or may still come to."""

    spec: CampaignSpec
    month_micros: int | None
    spent_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """What came of one time: ``outcome`` is ``ordered`` or why not; the campaign's figures are None where there is
    none, or it was deleted. ``before`` is the campaign of the time before."""

    id: UUID
    due_at: datetime
    begun_at: datetime
    missed: int
    outcome: str
    campaign_id: UUID | None
    before: UUID | None
    status: str | None
    lead_count: int | None
    emails_verified: int | None
    spent_micros: int | None


_REFUSED = "PPSCH"


class NotForThese(Exception):
    """Guests, and keys with a money limit, which later orders would not know, have nothing repeat."""


class TooMany(Exception):
    """The workspace has as many as one may have."""


@contextmanager
def admitted() -> Iterator[None]:
    """Around a transaction that has an order repeat. Raises NotForThese and TooMany."""
    try:
        yield
    except DBAPIError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") == "schedules_most":
            raise TooMany from None
        if getattr(error.orig, "pgcode", None) != _REFUSED:
            raise
        raise NotForThese from None


def insert(conn: Connection, new: NewSchedule) -> bool:
    """Store a schedule; False when it is stored already."""
    statement = sa.text("""
        insert into schedules
            (workspace_id, id, created_by, name, spec, cron, time_zone, month_micros, next_at)
        values (:workspace, :id, :person, :name, cast(:spec as jsonb), :cron, :zone, :month, :next)
        on conflict (workspace_id, id) do nothing
        returning id
    """)
    stored = conn.execute(
        statement,
        {
            "workspace": new.workspace_id,
            "id": new.id,
            "person": new.created_by,
            "name": new.name,
            "spec": new.spec.model_dump_json() if new.spec else None,
            "cron": new.timing.cron,
            "zone": new.timing.time_zone,
            "month": new.month_micros,
            "next": new.next_at,
        },
    )
    return stored.one_or_none() is not None


def count(conn: Connection, workspace_id: UUID) -> int:
    """How many a workspace has."""
    statement = sa.text("select count(*) from schedules where workspace_id = :workspace")
    return int(conn.execute(statement, {"workspace": workspace_id}).scalar_one())


def listing(conn: Connection, workspace_id: UUID) -> list[ScheduleRow]:
    """All orders of a workspace that repeat, those first that are due next."""
    rows = conn.execute(
        sa.text("""
            select s.id, s.created_by as creator_id, u.email as created_by, s.name, s.spec, s.cron, s.time_zone,
                s.month_micros, p.micros as spent_micros, s.next_at, s.paused_at, s.pause_cause, s.created_at,
                (select count(*) from schedule_runs r where r.workspace_id = s.workspace_id and r.schedule_id = s.id)
                    as runs
            from schedules s
            join schedules_spent(:workspace) p on p.id = s.id
            left join users u on u.id = s.created_by
            where s.workspace_id = :workspace
                and s.spec is not null
            order by s.next_at nulls last, s.name, s.id
        """),
        {"workspace": workspace_id},
    )
    return [_row(row._asdict()) for row in rows]


def times_of(conn: Connection, workspace_id: UUID, schedule: UUID) -> tuple[str, str] | None:
    """Pattern and time zone of what repeats, whatever it does; None when there is none."""
    row = conn.execute(
        sa.text("select cron, time_zone from schedules where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": schedule},
    ).one_or_none()
    return None if row is None else (row.cron, row.time_zone)


def change(
    conn: Connection, workspace_id: UUID, schedule: UUID, values: dict[str, Any], next_at: datetime
) -> bool:
    """Give it another ``name``, ``spec`` (as JSON, None of one that sends files), ``cron``, ``time_zone`` and
    ``month_micros``; one that is paused stays so. False when there is none that whoever asks may change."""
    done = conn.execute(
        sa.text("""
            update schedules
            set name = :name, spec = cast(:spec as jsonb), cron = :cron, time_zone = :time_zone,
                month_micros = :month_micros, changed_at = now(),
                next_at = case when paused_at is null then cast(:next as timestamp with time zone) end
            where workspace_id = :workspace and id = :id
        """),
        {**values, "workspace": workspace_id, "id": schedule, "next": next_at},
    )
    return done.rowcount > 0


def pause(conn: Connection, workspace_id: UUID, schedule: UUID) -> bool:
    """Order nothing until it is resumed; False when there is none that whoever asks may change."""
    done = conn.execute(
        sa.text("""
            update schedules
            set next_at = null, paused_at = coalesce(paused_at, now()), pause_cause = coalesce(pause_cause, 'person')
            where workspace_id = :workspace and id = :id
        """),
        {"workspace": workspace_id, "id": schedule},
    )
    return done.rowcount > 0


def resume(conn: Connection, workspace_id: UUID, schedule: UUID, next_at: datetime) -> bool:
    """Order again from ``next_at`` on; failures before count no more. False when there is none to change."""
    done = conn.execute(
        sa.text("""
            update schedules
            set next_at = :next, paused_at = null, pause_cause = null, changed_at = now()
            where workspace_id = :workspace and id = :id
        """),
        {"workspace": workspace_id, "id": schedule, "next": next_at},
    )
    return done.rowcount > 0


def bring_forward(conn: Connection, workspace_id: UUID, schedule: UUID) -> bool:
    """Order as soon as possible; False when there is none to change, or it is paused."""
    done = conn.execute(
        sa.text("""
            update schedules set next_at = least(next_at, now())
            where workspace_id = :workspace and id = :id and next_at is not null
        """),
        {"workspace": workspace_id, "id": schedule},
    )
    return done.rowcount > 0


def remove(conn: Connection, workspace_id: UUID, schedule: UUID) -> bool:
    """Remove it with its history; campaigns stay. False when there is none that whoever asks may change."""
    done = conn.execute(
        sa.text("delete from schedules where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": schedule},
    )
    return done.rowcount > 0


def runs(conn: Connection, workspace_id: UUID, schedule: UUID, most: int) -> list[RunRow]:
    """What came of it, the newest first."""
    rows = conn.execute(
        sa.text("""
            select r.id, r.due_at, r.begun_at, r.missed, r.outcome, c.id as campaign_id,
                lag(c.id) over (partition by c.id is null order by r.begun_at) as before,
                c.status, c.lead_count, c.emails_verified, c.spent_micros
            from schedule_runs r
            left join campaigns c
                on c.workspace_id = r.workspace_id and c.id = r.campaign_id and c.deleted_at is null
            where r.workspace_id = :workspace and r.schedule_id = :schedule
            order by r.begun_at desc
            limit :most
        """),
        {"workspace": workspace_id, "schedule": schedule, "most": most},
    )
    return [RunRow(**row._mapping) for row in rows]


def _row(values: dict[str, Any]) -> ScheduleRow:
    return ScheduleRow(**{**values, "spec": CampaignSpec.model_validate(values["spec"])})
