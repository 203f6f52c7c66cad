"""Imports of the catalogue: what was read, how far, and the figures kept when one ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

# Imports may run side by side; what each renews at its end belongs to all of them.
_LOCK_KEY = 5_277_460_002


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """One file under one name. ``position`` is the last record of it that is stored."""

    id: UUID
    name: str
    checksum: str
    source: str
    observed_on: date | None = None
    country: str | None = None
    position: int = 0
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """The newest finished import of a name."""

    name: str
    source: str
    observed_on: date | None
    imported_at: datetime
    places: int


def lock(conn: Connection) -> None:
    """Wait for the right to end an import; it lasts until the transaction ends."""
    conn.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def begin(conn: Connection, job: ImportJob) -> ImportJob:
    """Register an import, or pick up the one of the same name and file where it stands."""
    row = conn.execute(
        sa.text("""
            insert into place_imports (id, name, checksum, source, observed_on, country)
            values (:id, :name, :checksum, :source, :observed_on, :country)
            on conflict (name, checksum)
            do update set country = excluded.country, observed_on = excluded.observed_on
            returning id, position, state = 'done' as is_done
        """),
        {name: getattr(job, name) for name in ("id", "name", "checksum", "source", "observed_on", "country")},
    ).one()
    return ImportJob(
        **{name: getattr(job, name) for name in ("name", "checksum", "source", "observed_on", "country")},
        id=row.id,
        position=row.position,
        is_done=row.is_done,
    )


def advance(conn: Connection, import_id: UUID, position: int, left_out: int, bad_records: int) -> None:
    """Remember how far the file is read; belongs into the transaction that stored the batch."""
    conn.execute(
        sa.text("""
            update place_imports
            set position = :position, state = 'running', left_out = left_out + :left_out,
                bad_records = bad_records + :bad_records
            where id = :id
        """),
        {"id": import_id, "position": position, "left_out": left_out, "bad_records": bad_records},
    )


def stop(conn: Connection, import_id: UUID) -> None:
    """Note that the file could not be read to its end."""
    conn.execute(sa.text("update place_imports set state = 'stopped' where id = :id"), {"id": import_id})


def finish(conn: Connection, job: ImportJob) -> int:
    """Close an import: hide what the newest snapshot of its name no longer has, renew the kept figures.

    Returns how many places were hidden.
    """
    values: dict[str, Any] = {"id": job.id, "name": job.name, "observed_on": job.observed_on}
    gone = conn.execute(
        sa.text("""
            update places p
            set gone_at = now()
            from place_imports i
            where i.id = p.import_id
                and i.name = :name
                and i.id <> :id
                and p.gone_at is null
                and (p.observed_on is null or p.observed_on <= :observed_on)
        """),
        values,
    ).rowcount
    conn.execute(
        sa.text("""
            update place_imports
            set state = 'done', finished_at = now(),
                places = (
                    select count(*)
                    from places
                    where import_id = :id and gone_at is null
                )
            where id = :id
        """),
        values,
    )
    _count_categories(conn)
    return int(gone)


def _count_categories(conn: Connection) -> None:
    conn.execute(sa.text("delete from place_category_counts"))
    conn.execute(
        sa.text("""
            insert into place_category_counts (category, places)
            select category, count(*)
            from places
            where gone_at is null
            group by category
        """)
    )


def analyze(conn: Connection) -> None:
    """Renew the planner's statistics: the first search after a large import is as quick as the next."""
    conn.execute(sa.text("select analyze_places()"))


def any_places(conn: Connection) -> bool:
    """Whether the catalogue holds anything at all."""
    return bool(conn.execute(sa.text("select exists (select from places)")).scalar_one())


def version(conn: Connection) -> str:
    """Changes with every import that stored or ended something; empty without any."""
    return str(
        conn.execute(
            sa.text("""
                select coalesce(string_agg(id || ' ' || position || ' ' || state, ',' order by id), '')
                from place_imports
            """)
        ).scalar_one()
    )


def newest(conn: Connection) -> tuple[ImportRow, ...]:
    """The newest finished import of each name, by name."""
    rows = conn.execute(
        sa.text("""
            select distinct on (name) name, source, observed_on, finished_at as imported_at, places
            from place_imports
            where state = 'done'
            order by name, finished_at desc
        """)
    )
    return tuple(ImportRow(**row._mapping) for row in rows)


def category_counts(conn: Connection) -> dict[str, int]:
    """Known places of each tag."""
    rows = conn.execute(sa.text("select category, places from place_category_counts"))
    return {row.category: row.places for row in rows}
