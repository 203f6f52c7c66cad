"""Which worker processes are alive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import schema_version

# Workers report every three seconds; after six missed reports one counts as gone.
GONE_AFTER_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerReport:
    """One worker process, and the campaign whose lease it holds."""

    name: str
    pid: int
    host: str
    started_at: datetime
    seen_at: datetime
    is_alive: bool
    job_title: str | None
    memory_bytes: int | None
    version: str | None
    schema_version: str | None
    rests: bool


def report(
    conn: Connection,
    name: str,
    pid: int,
    host: str,
    memory_bytes: int | None = None,
    version: str | None = None,
) -> bool:
    """Say that this worker lives, and forget those silent for a day; returns whether it may take campaigns: the queue
    is not paused, and nobody wants this one to rest. ``version`` is that of its code."""
    row = conn.execute(
        sa.text("""
            insert into workers (name, pid, host, memory_bytes, version, schema_version)
            values (:name, :pid, :host, :memory, :version, :schema)
            on conflict (name)
            do update set seen_at = now(), stopped_at = null, memory_bytes = excluded.memory_bytes
            returning rests_since is null and not exists (
                select
                from switches
                where name = 'queue_paused' and is_on
            ) as may_work
        """),
        {
            "name": name,
            "pid": pid,
            "host": host,
            "memory": memory_bytes,
            "version": version,
            "schema": schema_version.NEWEST,
        },
    ).one()
    conn.execute(sa.text("delete from workers where seen_at < now() - interval '1 day'"))
    return bool(row.may_work)


def stopped(conn: Connection, name: str) -> None:
    """Say goodbye: the worker ended on purpose."""
    conn.execute(sa.text("delete from workers where name = :name"), {"name": name})


def one_lives(conn: Connection) -> bool:
    """Whether any worker lives."""
    return bool(
        conn.execute(
            sa.text("""
                select exists (select from workers where seen_at > now() - make_interval(secs => :gone))
            """),
            {"gone": GONE_AFTER_S},
        ).scalar_one()
    )


def listing(conn: Connection) -> list[WorkerReport]:
    """Every known worker, the ones alive first."""
    rows = conn.execute(
        sa.text("""
            select w.name, w.pid, w.host, w.started_at, w.seen_at,
                w.seen_at > now() - make_interval(secs => :gone) as is_alive, c.title as job_title,
                w.memory_bytes, w.version, w.schema_version, w.rests_since is not null as rests
            from workers w
            left join discovery_jobs j on j.lease_owner = w.name and j.lease_until > now()
            left join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
            order by is_alive desc, w.started_at
        """),
        {"gone": GONE_AFTER_S},
    )
    return [WorkerReport(**row._mapping) for row in rows]
