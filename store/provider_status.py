"""How each provider is, as the workers last saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection


class ProviderState(StrEnum):
    """How a provider is. Refused and exhausted wait for an administrator."""

    OK = "ok"
    WAITING = "waiting"
    REFUSED = "refused"
    EXHAUSTED = "exhausted"
    UNREACHABLE = "unreachable"

    @property
    def needs_administrator(self) -> bool:
        return self in (ProviderState.REFUSED, ProviderState.EXHAUSTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a provider is: ``since`` then, ``checked_at`` last."""

    provider: str
    state: ProviderState
    message: str
    since: datetime
    checked_at: datetime
    is_recent: bool


def report(conn: Connection, provider: str, state: ProviderState, message: str) -> None:
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
        {"provider": provider, "state": state.value, "message": message},
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
    return {row.provider: Status(**{**row._mapping, "state": ProviderState(row.state)}) for row in rows}
