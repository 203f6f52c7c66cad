"""Lists of companies a workspace uploaded: as people see them, offer them and remove them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.suppression import Subject
from store.suppressions import hashed


class ListKind(StrEnum):
    """What a list is for."""

    CUSTOMERS = "customers"
    EXCLUSION = "exclusion"
    OWN = "own"


class ListState(StrEnum):
    """How far a list has come. Only one that is kept has an effect; one to be looked up is ordered instead."""

    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    STORING = "storing"
    KEPT = "kept"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """A list to be checked. ``columns`` says what each column of the file is, ``country`` of rows that name none."""

    id: UUID
    name: str
    kind: ListKind
    reason: str
    sha256: bytes
    data: bytes
    columns: Mapping[str, int]
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A list as it stands. ``known`` of its usable rows mean ``companies`` of the book; ``entries`` is what an
    exclusion list brings to the suppression list; ``problems`` are the first rows that cannot be used,
    while it is checked. ``earlier`` names a list kept of the same file; one ``is_of_book`` was chosen there."""

    id: UUID
    name: str
    kind: ListKind
    state: ListState
    reason: str
    sha256: bytes
    said: str
    done: int
    rows: int
    bad: int
    repeated: int
    known: int
    companies: int
    entries: int
    created_by: str | None
    created_at: datetime
    removed_at: datetime | None
    problems: tuple[tuple[int, str], ...]
    earlier: str | None
    is_of_book: bool

    @property
    def usable(self) -> int:
        return self.rows - self.bad - self.repeated


@dataclass(frozen=True, slots=True)
class Membership:
    """A list of customers a company stands on, since when, and what that list calls it."""

    name: str
    since: datetime
    external_id: str | None


def insert(conn: Connection, workspace_id: UUID, user_id: UUID, new: NewList) -> None:
    """Store a list with its file, to be checked."""
    conn.execute(
        sa.text("""
            insert into lists (workspace_id, id, name, kind, reason, sha256, created_by)
            values (:workspace, :id, :name, :kind, :reason, :sha256, :user)
        """),
        {
            "workspace": workspace_id,
            "id": new.id,
            "name": new.name,
            "kind": new.kind.value,
            "reason": new.reason,
            "sha256": new.sha256,
            "user": user_id,
        },
    )
    conn.execute(
        sa.text("""
            insert into list_files (workspace_id, list_id, data, columns, country)
            values (:workspace, :id, :data, cast(:columns as jsonb), :country)
        """),
        {
            "workspace": workspace_id,
            "id": new.id,
            "data": new.data,
            "columns": json.dumps(new.columns),
            "country": new.country,
        },
    )


def newest(conn: Connection, workspace_id: UUID, limit: int) -> list[ListRow]:
    """The lists of a workspace, newest first; those that were removed stay among them for a day."""
    rows = conn.execute(
        sa.text("""
            select l.id, l.name, l.kind, l.state, l.reason, l.sha256, l.said, l.done, l.rows, l.bad, l.repeated,
                l.known, l.companies, l.entries, u.email as created_by, l.created_at, l.removed_at,
                coalesce(f.problems, '[]') as problems, coalesce(f.columns = '{}', false) as is_of_book, (
                    select o.name
                    from lists o
                    where o.workspace_id = l.workspace_id
                        and o.kind = l.kind
                        and o.sha256 = l.sha256
                        and o.id <> l.id
                        and o.state = 'kept'
                        and o.removed_at is null
                    order by o.created_at
                    limit 1
                ) as earlier
            from lists l
            left join list_files f on f.workspace_id = l.workspace_id
                and f.list_id = l.id
            left join users u on u.id = l.created_by
            where l.workspace_id = :workspace
            order by l.created_at desc, l.id
            limit :limit
        """),
        {"workspace": workspace_id, "limit": limit},
    )
    return [ListRow(**{**row._mapping, **_read(row)}) for row in rows]


def _read(row: Row[Any]) -> dict[str, object]:
    return {
        "kind": ListKind(row.kind),
        "state": ListState(row.state),
        "sha256": bytes(row.sha256),
        "problems": tuple((number, why) for number, why in row.problems),
    }


def state(conn: Connection, workspace_id: UUID, list_id: UUID) -> tuple[ListState, int, int] | None:
    """How far a list has come: its state, the last row that is done, its rows; None when there is none."""
    row = conn.execute(
        sa.text("select state, done, rows from lists where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": list_id},
    ).one_or_none()
    return None if row is None else (ListState(row.state), row.done, row.rows)


def go_on(conn: Connection, workspace_id: UUID, list_id: UUID) -> bool:
    """Have a checked list stored; False when it is not one any more."""
    done = conn.execute(
        sa.text("""
            update lists
            set state = 'storing', done = 0
            where workspace_id = :workspace and id = :id and state = 'checked' and kind <> 'own'
        """),
        {"workspace": workspace_id, "id": list_id},
    )
    return bool(done.rowcount)


def let_go(conn: Connection, workspace_id: UUID, list_id: UUID) -> bool:
    """Forget a list that is not kept, with its file; False when there is none."""
    done = conn.execute(
        sa.text("""
            delete from lists
            where workspace_id = :workspace and id = :id and state in ('checking', 'checked', 'refused')
        """),
        {"workspace": workspace_id, "id": list_id},
    )
    return bool(done.rowcount)


def remove(conn: Connection, workspace_id: UUID, list_id: UUID, *, gone: bool) -> bool:
    """Remove a kept list with its marks, or take that back; False when there is none or the person may not."""
    done = conn.execute(
        sa.text("select list_remove(:workspace, :id, :gone)"),
        {"workspace": workspace_id, "id": list_id, "gone": gone},
    )
    return bool(done.scalar_one())


def of_company(conn: Connection, workspace_id: UUID, company_id: UUID) -> list[Membership]:
    """The lists of customers a company stands on, oldest first."""
    rows = conn.execute(
        sa.text("""
            select l.name, l.created_at as since, m.external_id
            from list_members m
            join lists l on l.workspace_id = m.workspace_id and l.id = m.list_id
            where m.workspace_id = :workspace
                and m.company_id = :company
                and l.removed_at is null
            order by l.created_at, l.id
        """),
        {"workspace": workspace_id, "company": company_id},
    )
    return [Membership(row.name, row.since, row.external_id) for row in rows]


def naming(conn: Connection, workspace_id: UUID, subject: Subject) -> Sequence[tuple[str, str, datetime]]:
    """The lists that name somebody: name, kind, since when."""
    rows = conn.execute(
        sa.text("""
            select distinct l.name, l.kind, l.created_at
            from list_keys k
            join lists l on l.workspace_id = k.workspace_id and l.id = k.list_id
            where k.workspace_id = :workspace
                and k.key_hash = :hash
            order by l.created_at
        """),
        {"workspace": workspace_id, "hash": hashed(subject.value)},
    )
    return [(row.name, row.kind, row.created_at) for row in rows]
