"""What administrators steer of providers: which are not to be asked, and which are to be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Stop:
    """The last that was wanted of a provider: that it is asked no more, or tried again."""

    is_stopped: bool
    changed_at: datetime
    changed_by: str | None = None


def steer(conn: Connection, provider: str, *, is_stopped: bool, label: str) -> None:
    """An administrator has it asked no more, or tried again; recorded by the database under ``label``."""
    conn.execute(
        sa.text("select provider_steer(:provider, :stop, :label)"),
        {"provider": provider, "stop": is_stopped, "label": label},
    )


def now(conn: Connection) -> dict[str, Stop]:
    """What is wanted of each provider somebody ever steered."""
    rows = conn.execute(sa.text("select provider, is_stopped, changed_at from provider_stops"))
    return {row.provider: Stop(row.is_stopped, row.changed_at) for row in rows}


def stopped(conn: Connection) -> frozenset[str]:
    """The providers that are not to be asked."""
    return frozenset(conn.scalars(sa.text("select provider from provider_stops where is_stopped")))


def listing(conn: Connection) -> dict[str, Stop]:
    """The same with who wanted it, for administrators."""
    rows = conn.execute(
        sa.text("""
            select s.provider, s.is_stopped, s.changed_at, u.email as changed_by
            from provider_stops s
            left join users u on u.id = s.changed_by
        """)
    )
    return {row.provider: Stop(row.is_stopped, row.changed_at, row.changed_by) for row in rows}
