"""Who took which leads, when: one row an export."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import as_array, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file somebody took. ``where`` is the filter as JSON, ``leads`` are those in the file."""

    user_id: UUID
    kind: str
    where: str
    rows: int
    data: bytes
    leads: Sequence[UUID] = ()

    @classmethod
    def of(cls, user_id: UUID, kind: str, where: str, leads: Sequence[UUID], data: bytes) -> Self:
        """A file with a row for each of these leads."""
        return cls(user_id=user_id, kind=kind, where=where, rows=len(leads), data=data, leads=leads)


def record(conn: Connection, campaign: tuple[UUID, UUID | None], export: Export) -> None:
    """Note an export of a campaign, given by workspace and id, or without an id of the book; of the file itself only
    its SHA-256 is kept, and of each company when it last was in one."""
    # Arrays, as one pass over an index finds what a join would look up one by one.
    conn.execute(
        sa.text("""
            with held as (
                select c.id
                from companies c
                where c.workspace_id = :workspace
                    and c.id = any(array(
                        select l.company_id
                        from leads l
                        where l.workspace_id = :workspace and l.id = any(cast(:leads as uuid[]))
                    ))
                order by c.id
                for no key update
            ), marked as (
                update companies
                set exported_at = now()
                where workspace_id = :workspace and id = any(array(select id from held))
            )
            insert into exports (workspace_id, id, campaign_id, user_id, format, filter, row_count, sha256)
            values (:workspace, :id, :campaign, :user, :format, cast(:filter as jsonb), :rows, :sha)
        """),
        {
            "workspace": campaign[0],
            "leads": as_array(export.leads),
            "id": new_id(),
            "campaign": campaign[1],
            "user": export.user_id,
            "format": export.kind,
            "filter": export.where,
            "rows": export.rows,
            "sha": hashlib.sha256(export.data).digest(),
        },
    )
