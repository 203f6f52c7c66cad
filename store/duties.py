"""When each regular duty was done last, by whom, and what came of it; one process at a time does one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """A duty that was begun or asked for at least once. ``is_held``: somebody does it now; ``is_broken``: the last run
    never came to an end. ``failures`` are those in a row."""

    name: str
    due_at: datetime
    is_asked: bool
    is_held: bool
    is_broken: bool
    worker: str | None
    started_at: datetime | None
    ended_at: datetime | None
    took_ms: int | None
    said: str
    error: str | None
    failures: int


def are_due(conn: Connection, names: Sequence[str]) -> bool:
    """Whether one of these waits to be done."""
    found = conn.execute(
        sa.text("""
            select exists (
                select
                from unnest(cast(:names as text[])) as n (name)
                left join duties d on d.name = n.name
                where d.name is null
                    or (d.due_at <= now() and coalesce(d.held_until, '-infinity') < now())
            )
        """),
        {"names": list(names)},
    )
    return bool(found.scalar_one())


def claim(
    conn: Connection, name: str, worker: str, *, every_s: int, hold_s: int, only_due: bool = True
) -> bool:
    """Whether this process may do it now: it is due, or ``only_due`` is False, and nobody else is at it."""
    taken = conn.execute(
        sa.text("""
            insert into duties as d (name, worker, due_at, held_until, started_at)
            values (
                :name, :worker, now() + make_interval(secs => :every), now() + make_interval(secs => :hold), now()
            )
            on conflict (name) do update
            set worker = excluded.worker, due_at = excluded.due_at, held_until = excluded.held_until,
                started_at = excluded.started_at, asked_at = null,
                failures = d.failures + (d.held_until is not null)::int
            where coalesce(d.held_until, '-infinity') < now() and (d.due_at <= now() or not :only_due)
        """),
        {"name": name, "worker": worker, "every": every_s, "hold": hold_s, "only_due": only_due},
    )
    return taken.rowcount == 1


def ended(conn: Connection, name: str, said: str, error: str | None) -> None:
    """Note what came of a duty this process had claimed."""
    conn.execute(
        sa.text("""
            update duties
            set held_until = null, ended_at = clock_timestamp(), said = :said, error = :error,
                took_ms = extract(epoch from clock_timestamp() - started_at) * 1000,
                failures = case when cast(:error as text) is null then 0 else failures + 1 end
            where name = :name
        """),
        {"name": name, "said": said, "error": error},
    )


def note(
    conn: Connection, name: str, worker: str, took_ms: int, error: str | None, *, at_most_every_s: int
) -> None:
    """Note a run of what is done whenever something waits, but a good one after another good one not more often than
    that."""
    conn.execute(
        sa.text("""
            insert into duties as d (name, worker, started_at, ended_at, took_ms, error, failures)
            values (
                :name, :worker, now() - make_interval(secs => :took / 1000.0), now(), :took, :error,
                (cast(:error as text) is not null)::int
            )
            on conflict (name) do update
            set worker = excluded.worker, started_at = excluded.started_at, ended_at = excluded.ended_at,
                took_ms = excluded.took_ms, error = excluded.error,
                failures = case when excluded.error is null then 0 else d.failures + 1 end
            where excluded.error is not null
                or d.error is not null
                or d.ended_at < now() - make_interval(secs => :pause)
        """),
        {"name": name, "worker": worker, "took": took_ms, "error": error, "pause": at_most_every_s},
    )


def ask(conn: Connection, name: str) -> None:
    """An administrator asks for it to be done at once; recorded by the database."""
    conn.execute(sa.text("select duty_ask(:name)"), {"name": name})


def listing(conn: Connection) -> dict[str, DutyRow]:
    """Every duty that was begun or asked for, by name."""
    rows = conn.execute(
        sa.text("""
            select name, due_at, asked_at is not null as is_asked, coalesce(held_until > now(), false) as is_held,
                coalesce(held_until <= now(), false) as is_broken, worker, started_at, ended_at, took_ms, said, error,
                failures
            from duties
        """)
    )
    return {row.name: DutyRow(**row._mapping) for row in rows}
