"""Loads of places as the process that does them sees them: taken up one at a time, with what was fetched so far."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import locks
from store.place_loads import LoadKind, LoadState

TAKEN_OVER_AFTER_S = 60
"""A load whose process was not heard of for so long is taken up by another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadWork:
    """A load that was taken up for the ``tries``-th time; fields as in ``store.place_loads.NewLoad``."""

    id: UUID
    kind: LoadKind
    name: str
    place: str | None
    file_name: str | None
    country: str | None
    observed_on: date | None
    is_complete: bool
    tries: int
    turn: int


def are_due(conn: Connection) -> bool:
    """Whether a load waits for somebody, and nobody is at another one."""
    found = conn.execute(
        sa.text("""
            select exists (
                select
                from place_loads
                where state in ('waiting', 'running')
            ) and not exists (
                select
                from place_loads
                where state = 'running' and worked_at >= now() - make_interval(secs => :after)
            )
        """),
        {"after": TAKEN_OVER_AFTER_S},
    )
    return bool(found.scalar_one())


def take(conn: Connection) -> LoadWork | None:
    """Take up the load whose turn it is: one that lost its process, or the one that has waited longest. None while
    somebody is at one."""
    if not locks.try_turn_lock(conn, "place_loads") or not are_due(conn):
        return None
    row = conn.execute(
        sa.text("""
            update place_loads
            set state = 'running', worked_at = now(), tries = tries + 1, turn = turn + 1
            where id = (
                select id
                from place_loads
                where state in ('waiting', 'running')
                order by state = 'running' desc, asked_at
                limit 1
                for update
            )
            returning id, kind, name, place, file_name, country, observed_on, is_complete, tries, turn
        """)
    ).one_or_none()
    return None if row is None else LoadWork(**{**row._mapping, "kind": LoadKind(row.kind)})


def beat(conn: Connection, work: LoadWork) -> bool:
    """Say that its process lives; False when it was stopped, or another process has it."""
    said = conn.execute(
        sa.text("""
            update place_loads
            set worked_at = now()
            where id = :id and state = 'running' and turn = :turn
        """),
        _mine(work),
    )
    return bool(said.rowcount)


def advance(conn: Connection, work: LoadWork, stage: str, done: int, total: int) -> bool:
    """Say how far it is; False as ``beat``."""
    said = conn.execute(
        sa.text("""
            update place_loads
            set worked_at = now(), stage = :stage, done = :done,
                total = greatest(cast(:total as bigint), cast(:done as bigint))
            where id = :id and state = 'running' and turn = :turn
        """),
        {**_mine(work), "stage": stage, "done": done, "total": total},
    )
    return bool(said.rowcount)


def parts(conn: Connection, work: LoadWork) -> dict[str, date | None]:
    """The parts that are there, in their order, with the days of their data."""
    rows = conn.execute(
        sa.text("""
            select part, observed_on
            from place_load_parts
            where load_id = :id
            order by part collate "C"
        """),
        {"id": work.id},
    )
    return {row.part: row.observed_on for row in rows}


def content(conn: Connection, work: LoadWork, names: Iterator[str]) -> Iterator[bytes]:
    """What parts hold, one after the other."""
    for name in names:
        row = conn.execute(
            sa.text("select data from place_load_parts where load_id = :id and part = :part"),
            {"id": work.id, "part": name},
        ).one()
        yield bytes(row.data)


def add_part(conn: Connection, work: LoadWork, part: str, data: bytes, observed_on: date | None) -> None:
    """Keep a part that was fetched, until the load is done."""
    conn.execute(
        sa.text("""
            insert into place_load_parts (load_id, part, data, observed_on)
            values (:id, :part, :data, :observed_on)
            on conflict do nothing
        """),
        {"id": work.id, "part": part, "data": data, "observed_on": observed_on},
    )


def end(conn: Connection, work: LoadWork, state: LoadState, counts: Mapping[str, int], said: str) -> None:
    """Write down what came of it, unless somebody else has it; the file of a load that is done goes."""
    ended = conn.execute(
        sa.text("""
            update place_loads
            set state = :state, ended_at = now(), counts = cast(:counts as jsonb), said = :said
            where id = :id and state = 'running' and turn = :turn
        """),
        {**_mine(work), "state": state.value, "counts": json.dumps(dict(counts)), "said": said},
    )
    if ended.rowcount and state is LoadState.DONE:
        conn.execute(sa.text("delete from place_load_parts where load_id = :id"), {"id": work.id})


def forget(conn: Connection, file_days: int, days: int) -> int:
    """Remove files of loads that ended ``file_days`` ago, and loads and wishes of ``days`` ago; how many of these."""
    conn.execute(
        sa.text("""
            delete from place_load_parts p
            using place_loads l
            where l.id = p.load_id and l.ended_at < now() - make_interval(days => :days)
        """),
        {"days": file_days},
    )
    gone = conn.execute(
        sa.text("delete from place_loads where ended_at < now() - make_interval(days => :days)"),
        {"days": days},
    )
    wishes = conn.execute(
        sa.text("delete from place_wishes where asked_at < now() - make_interval(days => :days)"),
        {"days": days},
    )
    return int(gone.rowcount + wishes.rowcount)


def _mine(work: LoadWork) -> dict[str, object]:
    return {"id": work.id, "turn": work.turn}
