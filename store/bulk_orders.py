"""Bulk orders: stored, and read with what their campaigns come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.bulk_status import BulkStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBulkOrder:
    """A bulk order about to be stored; ``fingerprint`` tells it from another one under the same key. Money in
    micro-dollars; ``quoted`` from low to high."""

    workspace_id: UUID
    id: UUID
    created_by: UUID
    idem_key: str
    fingerprint: bytes
    title: str
    cap_micros: int
    quoted: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRow:
    """A bulk order with what its campaigns come to. Money in micro-dollars. ``over_at`` is when the last of them ended,
    ``elapsed_s`` how long it has run by the database's clock; ``ordered_by`` is None when they have left."""

    id: UUID
    created_by: UUID
    ordered_by: str | None
    title: str
    status: BulkStatus
    created_at: datetime
    is_paused: bool
    is_stopped: bool
    cost_low_micros: int | None
    cost_high_micros: int | None
    cap_micros: int
    used_micros: int
    total: int
    open: int
    pending: int
    processing: int
    completed: int
    partial: int
    failed: int
    cancelled: int
    businesses: int
    leads: int
    emails_found: int
    emails_verified: int
    spent_micros: int
    saved_micros: int
    uncertain_micros: int
    simulated: bool
    begun_at: datetime | None
    over_at: datetime | None
    elapsed_s: int


def insert(conn: Connection, new: NewBulkOrder) -> bool:
    """Store it with its cap, which has to fit into every money limit; False when the key is taken already."""
    made = conn.execute(
        sa.text("""
            insert into bulk_orders (
                workspace_id, id, created_by, idem_key, fingerprint, title, cost_low_micros, cost_high_micros
            )
            values (:workspace, :id, :user, :key, :fingerprint, :title, :low, :high)
            on conflict (workspace_id, idem_key) do nothing
            returning id
        """),
        {
            **{"workspace": new.workspace_id, "id": new.id, "user": new.created_by, "key": new.idem_key},
            **{"fingerprint": new.fingerprint, "title": new.title},
            "low": new.quoted and new.quoted[0],
            "high": new.quoted and new.quoted[1],
        },
    ).scalar_one_or_none()
    if made is None:
        return False
    conn.execute(
        sa.text("""
            insert into bulk_caps (workspace_id, bulk_id, cap_micros)
            values (:workspace, :id, :cap)
        """),
        {"workspace": new.workspace_id, "id": new.id, "cap": new.cap_micros},
    )
    return True


def by_idem_key(conn: Connection, workspace_id: UUID, idem_key: str) -> tuple[UUID, bytes]:
    """The bulk order stored under an idempotency key, and its fingerprint."""
    row = conn.execute(
        sa.text(
            "select id, fingerprint from bulk_orders where workspace_id = :workspace and idem_key = :key"
        ),
        {"workspace": workspace_id, "key": idem_key},
    ).one()
    return row.id, bytes(row.fingerprint)


_READ = sa.text("""
    select b.id, b.created_by, u.email as ordered_by, b.title, b.created_at, b.paused_at is not null as is_paused,
        b.stopped_at is not null as is_stopped, b.cost_low_micros, b.cost_high_micros, k.cap_micros, k.used_micros,
        bulk_status(
            s.open, s.total - s.pending, s.completed, s.failed, s.cancelled, s.total,
            b.paused_at is not null, b.stopped_at is not null
        ) as status,
        coalesce(extract(epoch from coalesce(s.over_at, now()) - s.begun_at), 0)::int as elapsed_s, s.*
    from bulk_orders b
    join bulk_caps k on k.workspace_id = b.workspace_id and k.bulk_id = b.id
    cross join lateral bulk_sums(b.workspace_id, b.id) s
    left join users u on u.id = b.created_by
    where b.workspace_id = :workspace
        and b.deleted_at is null
        and (cast(:id as uuid) is null or b.id = cast(:id as uuid))
        and (not :only_open or b.ended_at is null)
        and (
            cast(:after_at as timestamptz) is null
            or (b.created_at, b.id) < (cast(:after_at as timestamptz), cast(:after_id as uuid))
        )
    order by b.created_at desc, b.id desc
    limit :limit
""")
_ALL = {"id": None, "only_open": False, "after_at": None, "after_id": None, "limit": 1}


def get(conn: Connection, workspace_id: UUID, bulk_id: UUID) -> BulkRow | None:
    """One bulk order of the workspace."""
    row = conn.execute(_READ, {**_ALL, "workspace": workspace_id, "id": bulk_id}).one_or_none()
    return None if row is None else _row(row)


def page(
    conn: Connection, workspace_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> list[BulkRow]:
    """The newest first, from just after ``after``."""
    at, last = after or (None, None)
    given = {**_ALL, "workspace": workspace_id, "after_at": at, "after_id": last, "limit": limit}
    return [_row(row) for row in conn.execute(_READ, given)]


def open_ones(conn: Connection, workspace_id: UUID, limit: int) -> list[BulkRow]:
    """Those that have campaigns to run, the newest first."""
    given = {**_ALL, "workspace": workspace_id, "only_open": True, "limit": limit}
    return [_row(row) for row in conn.execute(_READ, given)]


def count(conn: Connection, workspace_id: UUID) -> int:
    """How many ``page`` would list in all."""
    return int(
        conn.execute(
            sa.text(
                "select count(*) from bulk_orders where workspace_id = :workspace and deleted_at is null"
            ),
            {"workspace": workspace_id},
        ).scalar_one()
    )


def delete(conn: Connection, bulk_id: UUID) -> bool:
    """Forget one of whose campaigns none is left; False when one is, or it is not theirs."""
    return bool(conn.execute(sa.text("select app_delete_bulk_order(:bulk)"), {"bulk": bulk_id}).scalar_one())


def _row(row: Row[Any]) -> BulkRow:
    return BulkRow(**{**row._mapping, "status": BulkStatus(row.status)})
