"""Imports of the catalogue: what was read, how far, and the figures kept when one ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import category_counts, place_holdings

# Imports may run side by side; what each renews at its end belongs to all of them.
_LOCK_KEY = 5_277_460_004


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


COUNTS = (
    *("added", "updated", "changed", "closed", "apart"),
    *("left_out", "bad_records", "lost_records", "unplaced"),
)
"""What is counted of each batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a whole file came to, however often its import was interrupted; the names are those of ``COUNTS``."""

    added: int
    updated: int
    changed: int
    closed: int
    apart: int
    left_out: int
    bad_records: int
    unplaced: int


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
    """Register an import, or pick up the one of the same name and file where it stands.

    It starts again when its country or its day is another one now, or when a later file of its name was read since.
    A country or day that is not given stays as it was.
    """
    row = conn.execute(
        sa.text("""
            insert into place_imports as known (id, name, checksum, source, observed_on, country)
            values (:id, :name, :checksum, :source, :observed_on, :country)
            on conflict (name, checksum) do update
            set country = coalesce(excluded.country, known.country),
                observed_on = coalesce(excluded.observed_on, known.observed_on),
                removed_at = null
            returning id, position, state, country, observed_on, finished_at,
                (select (was.country, was.observed_on) is distinct from (known.country, known.observed_on)
                    from place_imports was where was.id = known.id) as is_changed
        """),
        {name: getattr(job, name) for name in ("id", "name", "checksum", "source", "observed_on", "country")},
    ).one()
    begun = replace(job, id=row.id, country=row.country, observed_on=row.observed_on)
    if row.is_changed or _is_overtaken(conn, job.name, row.finished_at):
        conn.execute(
            sa.text("""
                update place_imports
                set position = 0, state = 'running', left_out = 0, bad_records = 0, lost_records = 0, added = 0,
                    updated = 0, changed = 0, closed = 0, hidden = 0, apart = 0, unplaced = 0
                where id = :id
            """),
            {"id": row.id},
        )
        return begun
    return replace(begun, position=row.position, is_done=row.state == "done")


def _is_overtaken(conn: Connection, name: str, finished_at: datetime | None) -> bool:
    """Whether another file of the name was finished later."""
    later = sa.text(
        "select exists (select from place_imports where name = :name and finished_at > :finished_at)"
    )
    return bool(conn.execute(later, {"name": name, "finished_at": finished_at}).scalar_one())


def advance(conn: Connection, import_id: UUID, position: int, counts: Mapping[str, int]) -> None:
    """Remember how far the file is read; belongs into the transaction that stored the batch.

    ``counts`` are those of the batch, by the names in ``COUNTS``; of ``lost_records`` nothing tells which place they
    are.
    """
    conn.execute(
        sa.text("""
            update place_imports
            set position = :position, state = 'running', left_out = left_out + :left_out,
                bad_records = bad_records + :bad_records, lost_records = lost_records + :lost_records,
                added = added + :added, updated = updated + :updated, changed = changed + :changed,
                closed = closed + :closed, apart = apart + :apart, unplaced = unplaced + :unplaced
            where id = :id
        """),
        {"id": import_id, "position": position, **counts},
    )


def in_bulk(conn: Connection) -> None:
    """Let a transaction of an import cost less. It ends before it is on the disk: after a power cut the import goes on
    from its position, which is as old as what it stored. And four times as many new rows as usual wait for the index of
    words, which takes them in together; meanwhile a search reads what waits, within some milliseconds."""
    conn.execute(
        sa.text("""
            select set_config('synchronous_commit', 'off', true),
                set_config('gin_pending_list_limit', '16MB', true),
                set_config('work_mem', '64MB', true)
        """)
    )


def stop(conn: Connection, import_id: UUID) -> None:
    """Note that the file could not be read to its end."""
    conn.execute(sa.text("update place_imports set state = 'stopped' where id = :id"), {"id": import_id})


def finish(conn: Connection, job: ImportJob, hidden: int) -> Totals:
    """Close an import that hid so many places of earlier files, and renew the kept figures; what it came to."""
    row = conn.execute(
        sa.text("""
            update place_imports
            set state = 'done', finished_at = now(), hidden = hidden + :hidden,
                places = (
                    select count(*)
                    from places
                    where import_id = :id and gone_at is null
                )
            where id = :id
            returning added, updated, changed, closed, apart, left_out, bad_records, unplaced
        """),
        {"id": job.id, "hidden": hidden},
    ).one()
    category_counts.renew(conn)
    place_holdings.renew(conn)
    return Totals(**row._mapping)


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
            where state = 'done' and removed_at is null
            order by name, finished_at desc
        """)
    )
    return tuple(ImportRow(**row._mapping) for row in rows)
