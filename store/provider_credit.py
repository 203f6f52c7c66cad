"""The credit that providers say is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    """``whole`` as the provider says; ``most`` is the most there was since somebody last bought some. ``is_recent``:
    asked within the last day."""

    left_over: float
    whole: float | None
    most: float
    asked_at: datetime
    is_recent: bool

    @property
    def share(self) -> float | None:
        """How much of the whole is left, or of the most there was."""
        whole = self.whole or self.most
        return self.left_over / whole if whole else None


def note(conn: Connection, provider: str, left_over: float, whole: float | None) -> None:
    """Keep what the provider says. What comes back for a failed question buys nothing: a rise counts from a tenth."""
    conn.execute(
        sa.text("""
            insert into provider_credit as c (provider, left_over, whole, most)
            values (:provider, :left_over, :whole, :left_over)
            on conflict (provider) do update
            set left_over = excluded.left_over, whole = excluded.whole, asked_at = now(),
                most = case
                    when excluded.left_over - c.left_over > c.most / 10 then excluded.left_over
                    else greatest(c.most, excluded.left_over)
                end
        """),
        {"provider": provider, "left_over": left_over, "whole": whole},
    )
