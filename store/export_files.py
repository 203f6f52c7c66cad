"""Files of leads that a worker makes, as their maker sees them: asked for, waited for, fetched, let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError


class FileState(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file as it stands. ``passed`` of ``expected`` leads have gone by; ``rows`` are in the file, ``left_out`` are
    not, because the format cannot take them; ``size`` is in bytes. ``said`` is why it was not made, ``ends_at`` when it
    is removed. ``mark`` stands for all that is to be seen of it while it is made."""

    id: UUID
    format: str
    state: FileState
    passed: int
    expected: int | None
    rows: int | None
    left_out: int | None
    size: int | None
    name: str | None
    said: str
    created_at: datetime
    ends_at: datetime | None
    mark: str


class OneIsMade(Exception):
    """Another file of the person's is being made."""


def ask(conn: Connection, whose: tuple[UUID, UUID], file_id: UUID, format: str, asked: str) -> bool:
    """Have a file made for ``whose`` (workspace and person); ``asked`` is what it is to hold, as JSON. False while one
    of theirs is made."""
    added = conn.execute(
        sa.text("""
            insert into export_files (workspace_id, id, user_id, format, asked)
            values (:workspace, :id, :user, :format, cast(:asked as jsonb))
            on conflict do nothing
        """),
        {"workspace": whose[0], "user": whose[1], "id": file_id, "format": format, "asked": asked},
    )
    return bool(added.rowcount)


def newest(
    conn: Connection, whose: tuple[UUID, UUID], limit: int, file_id: UUID | None = None
) -> list[FileRow]:
    """The files that a person in a workspace asked for and that are there, newest first; with ``file_id`` that one
    alone, also when a schedule of theirs asked for it."""
    rows = conn.execute(
        sa.text("""
            select id, format, state, passed, expected, row_count as rows, left_out, bytes as size, name, said,
                created_at, ends_at, export_mark(workspace_id, id) as mark
            from export_files
            where workspace_id = :workspace
                and user_id = :user
                and (cast(:id as uuid) is null and not is_scheduled or id = :id)
                and (ends_at is null or ends_at > now())
            order by created_at desc, id
            limit :limit
        """),
        {"workspace": whose[0], "user": whose[1], "limit": limit, "id": file_id},
    )
    return [FileRow(**{**row._mapping, "state": FileState(row.state)}) for row in rows]


def part(conn: Connection, workspace_id: UUID, file_id: UUID, number: int) -> bytes | None:
    """A part of a file that is ready, from 0 on; None behind the last one, and when the file is gone."""
    data = conn.execute(
        sa.text("""
            select data
            from export_parts
            where workspace_id = :workspace and file_id = :id and number = :number
        """),
        {"workspace": workspace_id, "id": file_id, "number": number},
    ).scalar_one_or_none()
    return None if data is None else bytes(data)


def again(conn: Connection, workspace_id: UUID, file_id: UUID) -> bool:
    """Have a file made that failed; False when it is not one any more. Raises OneIsMade."""
    statement = sa.text("""
        update export_files
        set state = 'waiting', attempts = 0, passed = 0, said = '', created_at = now()
        where workspace_id = :workspace and id = :id and state = 'failed'
    """)
    try:
        done = conn.execute(statement, {"workspace": workspace_id, "id": file_id})
    except IntegrityError:
        raise OneIsMade from None
    return bool(done.rowcount)


def let_go(conn: Connection, workspace_id: UUID, file_id: UUID) -> bool:
    """Forget a file, also while it is made; False when there is none."""
    done = conn.execute(
        sa.text("delete from export_files where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": file_id},
    )
    return bool(done.rowcount)


def keep_few(conn: Connection, whose: tuple[UUID, UUID], most: int) -> None:
    """Let go of all but the newest files that a person asked for."""
    conn.execute(
        sa.text("""
            delete from export_files
            where workspace_id = :workspace
                and user_id = :user
                and not is_scheduled
                and id not in (
                    select id
                    from export_files
                    where workspace_id = :workspace and user_id = :user and not is_scheduled
                    order by created_at desc, id
                    limit :most
                )
        """),
        {"workspace": whose[0], "user": whose[1], "most": most},
    )


def erase(conn: Connection, workspace_id: UUID | None) -> int:
    """Let go of every file of a workspace, or of all of them for an administrator of the installation, as they may hold
    whoever is erased; none is begun until this transaction ends. How many."""
    found = conn.execute(
        sa.text("select subject_exports_erase(cast(:workspace as uuid))"), {"workspace": workspace_id}
    )
    return int(found.scalar_one())
