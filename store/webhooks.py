"""Webhooks of a workspace, and the messages they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

PURPOSE = "webhook"
"""What the secrets are sealed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """A webhook as it is listed. ``earlier_until``: the secret before signs as well until then."""

    id: UUID
    url: str
    events: Sequence[str]
    created_by: str | None
    created_at: datetime
    paused_at: datetime | None
    earlier_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A message to a webhook. ``due_at``: when it is sent next, None when it arrived or nobody tries any more."""

    id: UUID
    webhook_id: UUID
    event: str
    created_at: datetime
    due_at: datetime | None
    tries: int
    tried_at: datetime | None
    status: int | None
    problem: str | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message somebody is about to send, for the ``tries``-th time; the secrets are sealed."""

    workspace_id: UUID
    id: UUID
    url: str
    event: str
    data: Mapping[str, Any]
    created_at: datetime
    tries: int
    secret: str = field(repr=False)
    earlier_secret: str | None = field(repr=False)
    now_s: int


def add(
    conn: Connection, workspace_id: UUID, person_id: UUID, webhook: UUID, kept: Mapping[str, Any]
) -> bool:
    """Keep another one: its ``url``, ``events`` and sealed ``secret``; False when the workspace has ``most``."""
    statement = sa.text("""
        insert into webhooks (workspace_id, id, url, events, secret, created_by)
        select :workspace, :id, :url, cast(:events as text[]), :secret, :person
        where (select count(*) from webhooks where workspace_id = :workspace) < :most
    """)
    try:
        done = conn.execute(
            statement, {**kept, "workspace": workspace_id, "id": webhook, "person": person_id}
        )
    except IntegrityError as error:
        # Another one was added in this moment.
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") != "webhooks_most":
            raise
        return False
    return done.rowcount > 0


def listing(conn: Connection, workspace_id: UUID) -> list[WebhookRow]:
    """The webhooks of a workspace, the oldest first."""
    rows = conn.execute(
        sa.text("""
            select w.id, w.url, w.events, u.email as created_by, w.created_at, w.paused_at,
                case when w.earlier_until > now() then w.earlier_until end as earlier_until
            from webhooks w
            left join users u on u.id = w.created_by
            where w.workspace_id = :workspace
            order by w.created_at, w.id
        """),
        {"workspace": workspace_id},
    )
    return [WebhookRow(**row._mapping) for row in rows]


def change(conn: Connection, workspace_id: UUID, webhook: UUID, url: str, events: Sequence[str]) -> bool:
    """Send elsewhere, or something else; False when there is none."""
    done = conn.execute(
        sa.text(
            "update webhooks set url = :url, events = :events where workspace_id = :workspace and id = :id"
        ),
        {"workspace": workspace_id, "id": webhook, "url": url, "events": list(events)},
    )
    return done.rowcount > 0


def pause(conn: Connection, workspace_id: UUID, webhook: UUID, *, is_paused: bool) -> bool:
    """Tell it nothing more, or again; False when there is none."""
    done = conn.execute(
        sa.text("""
            update webhooks
            set paused_at = case when :paused then coalesce(paused_at, now()) end
            where workspace_id = :workspace and id = :id
        """),
        {"workspace": workspace_id, "id": webhook, "paused": is_paused},
    )
    return done.rowcount > 0


def remove(conn: Connection, workspace_id: UUID, webhook: UUID) -> bool:
    """Remove it with its messages; False when there is none."""
    done = conn.execute(
        sa.text("delete from webhooks where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": webhook},
    )
    return done.rowcount > 0


def renew_secret(conn: Connection, workspace_id: UUID, webhook: UUID, sealed: str, hours: int) -> bool:
    """Sign with another secret, for ``hours`` with the one before as well; False when there is none."""
    return _came_to(
        conn,
        sa.text("select webhook_renew_secret(:workspace, :id, :sealed, :hours)"),
        {"workspace": workspace_id, "id": webhook, "sealed": sealed, "hours": hours},
    )


def send(conn: Connection, workspace_id: UUID, webhook: UUID, delivery: UUID, event: str) -> bool:
    """Promise one message without data; False when there is no such webhook."""
    return _came_to(
        conn,
        sa.text("select webhook_send(:workspace, :id, :delivery, :event)"),
        {"workspace": workspace_id, "id": webhook, "delivery": delivery, "event": event},
    )


def send_again(conn: Connection, workspace_id: UUID, delivery: UUID) -> bool:
    """Send a message that arrived, or that nobody tries any more, once more; False when there is none."""
    statement = sa.text("select webhook_send_again(:workspace, :id)")
    return _came_to(conn, statement, {"workspace": workspace_id, "id": delivery})


def deliveries(conn: Connection, workspace_id: UUID, webhook: UUID, most: int) -> list[DeliveryRow]:
    """The last messages to a webhook, the newest first."""
    rows = conn.execute(
        sa.text("""
            select id, webhook_id, event, created_at, due_at, tries, tried_at, status, problem, delivered_at
            from webhook_deliveries
            where workspace_id = :workspace and webhook_id = :id
            order by created_at desc, id desc
            limit :most
        """),
        {"workspace": workspace_id, "id": webhook, "most": most},
    )
    return [DeliveryRow(**row._mapping) for row in rows]


def are_due(conn: Connection) -> bool:
    """Whether a message waits to be sent now."""
    statement = sa.text("select exists (select from webhook_deliveries where due_at <= now())")
    return bool(conn.execute(statement).scalar_one())


def claim(conn: Connection, hold_s: int) -> Claimed | None:
    """Take a message that is due: nobody else takes it for ``hold_s`` seconds."""
    row = conn.execute(sa.text("select * from webhook_claim(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else Claimed(**row._mapping)


def done(
    conn: Connection, claimed: Claimed, status: int | None, problem: str | None, wait_s: float | None
) -> None:
    """Note what came of a message, and after how many seconds it is tried again; None: not any more."""
    conn.execute(
        sa.text("select webhook_done(:workspace, :id, :status, :problem, :wait_s)"),
        {
            "workspace": claimed.workspace_id,
            "id": claimed.id,
            "status": status,
            "problem": problem,
            "wait_s": wait_s,
        },
    )


def forget(conn: Connection, days: int) -> int:
    """Remove messages that old that nobody sends any more; returns how many."""
    return int(conn.execute(sa.text("select forget_webhook_deliveries(:days)"), {"days": days}).scalar_one())


def _came_to(conn: Connection, statement: sa.TextClause, values: Mapping[str, object]) -> bool:
    return bool(conn.execute(statement, values).scalar_one())
