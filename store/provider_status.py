"""How each provider is, as the workers last saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.calls import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``state``: ok, waiting, refused, exhausted or unreachable; ``since`` then, ``checked_at`` last."""

    provider: str
    state: str
    message: str
    since: datetime
    checked_at: datetime
    is_recent: bool


def report(conn: Connection, provider: Provider, state: str, message: str) -> None:
    """Note how a provider is now."""
    conn.execute(
        sa.text("""
            insert into provider_status (provider, state, message)
            values (:provider, :state, :message)
            on conflict (provider)
            do update set message = excluded.message, checked_at = now(), state = excluded.state,
                since = case
                    when provider_status.state = excluded.state then provider_status.since
                    else now()
                end
        """),
        {"provider": provider.value, "state": state, "message": message},
    )


def everything(conn: Connection) -> dict[str, Status]:
    """The state of every provider that was ever asked."""
    rows = conn.execute(
        sa.text("""
            select provider, state, message, since, checked_at,
                checked_at > now() - interval '15 minutes' as is_recent
            from provider_status
        """)
    )
    return {row.provider: Status(**row._mapping) for row in rows}
