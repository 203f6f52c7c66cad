"""Checking and storing uploaded lists: what the process does that has taken one up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.lead import Business
from store import tables
from store.bulk import insert_rows
from store.lists import ListKind, ListState

TAKEN_OVER_AFTER_S = 60
"""A list whose process was not heard of for so long is taken up by another one."""
_KEY = ("workspace_id", "list_id", "row_number", "key_hash", "kind", "hint", "external_id")
_MEMBER = ("workspace_id", "list_id", "company_id", "external_id")
_ENTRY = ("workspace_id", "value_hash", "kind", "reason", "source", "hint", "added_by", "list_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A list that was taken up; rows up to ``done`` are stored already."""

    workspace_id: UUID
    list_id: UUID
    kind: ListKind
    state: ListState
    done: int
    reason: str
    created_by: UUID
    data: bytes
    columns: Mapping[str, int]
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKey:
    """A value by which the companies of a row are known again, as it is kept."""

    row: int
    hashed: bytes
    kind: str
    hint: str
    external_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What checking a list found: see ``store.lists.ListRow``."""

    rows: int
    bad: int
    repeated: int
    known: int
    companies: int
    entries: int


def are_due(conn: Connection) -> bool:
    """Whether a list waits for somebody."""
    found = conn.execute(
        sa.text("""
            select exists (
                select
                from lists
                where state in ('checking', 'storing')
                    and (worked_at is null or worked_at < now() - make_interval(secs => :after))
            )
        """),
        {"after": TAKEN_OVER_AFTER_S},
    )
    return bool(found.scalar_one())


def take(conn: Connection) -> Work | None:
    """Take up the list that has waited longest, with its file."""
    row = conn.execute(
        sa.text("""
            with due as (
                select workspace_id, id
                from lists
                where state in ('checking', 'storing')
                    and (worked_at is null or worked_at < now() - make_interval(secs => :after))
                order by created_at
                limit 1
                for update skip locked
            ), taken as (
                update lists l
                set worked_at = now()
                from due d
                where l.workspace_id = d.workspace_id and l.id = d.id
                returning l.workspace_id, l.id as list_id, l.kind, l.state, l.done, l.reason, l.created_by
            )
            select t.*, f.data, f.columns, f.country
            from taken t
            join list_files f on f.workspace_id = t.workspace_id and f.list_id = t.list_id
        """),
        {"after": TAKEN_OVER_AFTER_S},
    ).one_or_none()
    if row is None:
        return None
    read = {"kind": ListKind(row.kind), "state": ListState(row.state), "data": bytes(row.data)}
    return Work(**{**row._mapping, **read})


def go_on(conn: Connection, work: Work, done: int) -> bool:
    """Say how far the work is; False when the list was let go meanwhile."""
    said = conn.execute(
        sa.text("""
            update lists
            set done = :done, worked_at = now()
            where workspace_id = :workspace and id = :id and state = :state
        """),
        {**_of(work), "done": done, "state": work.state.value},
    )
    return bool(said.rowcount)


def checked(conn: Connection, work: Work, counts: Counts, problems: Sequence[tuple[int, str]]) -> None:
    """Show what the check found; the list waits for a person's word."""
    conn.execute(
        sa.text("""
            update list_files
            set problems = cast(:problems as jsonb)
            where workspace_id = :workspace and list_id = :id
        """),
        {**_of(work), "problems": json.dumps(problems, ensure_ascii=False)},
    )
    conn.execute(
        sa.text("""
            update lists
            set state = 'checked', worked_at = null, rows = :rows, bad = :bad, repeated = :repeated, known = :known,
                companies = :companies, entries = :entries
            where workspace_id = :workspace and id = :id and state = 'checking'
        """),
        {**_of(work), **asdict(counts)},
    )


def refuse(conn: Connection, work: Work, why: str) -> None:
    """Show why a file cannot be read."""
    conn.execute(
        sa.text("""
            update lists
            set state = 'refused', said = :why, worked_at = null
            where workspace_id = :workspace and id = :id
        """),
        {**_of(work), "why": why},
    )


def kept(conn: Connection, work: Work) -> None:
    """The list is stored: say how much it came to, and let its file go."""
    conn.execute(
        sa.text("""
            update lists
            set state = 'kept', kept_at = now(), worked_at = null,
                companies = case kind when 'customers' then (
                    select count(*)
                    from list_members m
                    where m.workspace_id = lists.workspace_id and m.list_id = lists.id
                ) else companies end,
                entries = (
                    select count(*)
                    from suppressions s
                    where s.workspace_id = lists.workspace_id and s.list_id = lists.id
                )
            where workspace_id = :workspace and id = :id and state = 'storing'
        """),
        _of(work),
    )
    its_file = sa.text("delete from list_files where workspace_id = :workspace and list_id = :id")
    conn.execute(its_file, _of(work))


def alike(
    conn: Connection, work: Work, domains: Sequence[str], phones: Sequence[str], names: Sequence[str]
) -> list[tuple[UUID, Business]]:
    """The companies of the book that come into question for these values."""
    rows = conn.execute(
        sa.text("select * from list_alike(:workspace, :domains, :phones, :names)"),
        {"workspace": work.workspace_id, "domains": domains, "phones": phones, "names": names},
    )
    return [(row.company_id, _compared(row)) for row in rows]


def listed(conn: Connection, work: Work, hashes: Sequence[bytes]) -> set[bytes]:
    """Those of the hashes that stand on the suppression list."""
    rows = conn.execute(
        sa.text("""
            select value_hash
            from suppressions
            where workspace_id = :workspace and value_hash = any(:hashes)
        """),
        {"workspace": work.workspace_id, "hashes": hashes},
    )
    return {bytes(row.value_hash) for row in rows}


def add_keys(conn: Connection, work: Work, keys: Sequence[ListKey]) -> None:
    """Keep values of the list; of an exclusion list they come onto the suppression list."""
    whose = {"workspace_id": work.workspace_id, "list_id": work.list_id}
    rows = [
        {
            **whose,
            "row_number": key.row,
            "key_hash": key.hashed,
            "value_hash": key.hashed,
            "kind": key.kind,
            "hint": key.hint,
            "external_id": key.external_id,
            "reason": work.reason,
            "source": "file",
            "added_by": work.created_by,
        }
        for key in keys
    ]
    insert_rows(conn, tables.list_keys, _KEY, rows)
    if work.kind is ListKind.EXCLUSION:
        insert_rows(conn, tables.suppressions, _ENTRY, rows)


def add_members(conn: Connection, work: Work, members: Mapping[UUID, str | None]) -> None:
    """Companies of the book that stand on the list, with what it calls them."""
    whose = {"workspace_id": work.workspace_id, "list_id": work.list_id}
    rows = [{**whose, "company_id": company, "external_id": called} for company, called in members.items()]
    insert_rows(conn, tables.list_members, _MEMBER, rows)


def forget(conn: Connection) -> int:
    """Lists nobody decided about and lists that were removed go after a day; how many."""
    return int(conn.execute(sa.text("select forget_lists()")).scalar_one())


def _compared(row: Row[Any]) -> Business:
    values = {
        name: row._mapping[name] for name in ("name", "category", "domain", "phone", "city", "postcode")
    }
    return Business(**values, chain=row.chain, details=row.details, lat=None, lon=None, origins=())


def _of(work: Work) -> dict[str, UUID]:
    return {"workspace": work.workspace_id, "id": work.list_id}
