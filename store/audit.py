"""Who did what when: noting what administrators do, and reading all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import keyset, tables
from store.conditions import contains
from store.keyset import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One act. ``actor`` and ``target`` are the addresses of accounts; ``target`` is None when the act was about
    something else."""

    id: int
    at: datetime
    action: str
    actor: str | None
    target: str | None
    target_id: UUID | None
    workspace_id: UUID | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditWhere:
    """Which acts; everything that is set must hold. ``person`` is looked for in the address of who acted."""

    action: str | None = None
    person: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """One condition for each part that is set."""
        if self.action:
            yield _A.action == self.action
        if self.person:
            yield _A.actor_id.in_(sa.select(_U.id).where(contains(_U.email, self.person)))
        if self.since:
            yield _A.at >= self.since
        if self.before:
            yield _A.at < self.before


_A, _U = tables.audit_log.c, tables.users.c
_NEWEST_FIRST = (Key(_A.id, descending=True),)


def record(conn: Connection, actor_id: UUID, action: str, workspace_id: UUID, target_id: UUID) -> None:
    """Note one action in the transaction that does it."""
    conn.execute(
        sa.text("""
            insert into audit_log (actor_id, action, workspace_id, target_id)
            values (:actor, :action, :workspace, :target)
        """),
        {"actor": actor_id, "action": action, "workspace": workspace_id, "target": target_id},
    )


def page(conn: Connection, where: AuditWhere, after: int | None, limit: int) -> list[AuditRow]:
    """The acts, newest first, from just after the one with the id ``after``; for administrators."""
    target = tables.users.alias("target")
    query = (
        sa.select(
            *(_A.id, _A.at, _A.action, _A.target_id, _A.workspace_id, _A.detail),
            *(_U.email.label("actor"), target.c.email.label("target")),
        )
        .select_from(tables.audit_log)
        .outerjoin(tables.users, _U.id == _A.actor_id)
        .outerjoin(target, target.c.id == _A.target_id)
        .where(*where.conditions())
    )
    rows = conn.execute(keyset.page(query, _NEWEST_FIRST, None if after is None else (after,), limit))
    return [AuditRow(**row._mapping) for row in rows]


def actions(conn: Connection) -> list[str]:
    """Every kind of act there is a note of."""
    rows = conn.execute(sa.text("select distinct action from audit_log order by action"))
    return [row.action for row in rows]


def forget(conn: Connection, days: int) -> int:
    """Remove notes older than that; returns how many."""
    return int(conn.execute(sa.text("select forget_audit(:days)"), {"days": days}).scalar_one())
