"""Plans somebody may order by, as they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuote:
    """A quote about to be kept; ``plan`` is JSON. Money in micro-dollars."""

    id: UUID
    spec: CampaignSpec
    spec_hash: bytes
    plan: str
    cost_micros: tuple[int, int]
    duration_s: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow:
    """A quote as it was kept; ``is_over``: it cannot be ordered by any more."""

    id: UUID
    spec: CampaignSpec
    spec_hash: bytes
    plan: dict[str, object]
    cost_low_micros: int
    cost_high_micros: int
    duration_low_s: int
    duration_high_s: int
    created_at: datetime
    expires_at: datetime
    is_over: bool


def add(conn: Connection, workspace_id: UUID, user_id: UUID, new: NewQuote) -> None:
    """Keep a quote, good for an hour."""
    conn.execute(
        sa.text("""
            insert into quotes (
                workspace_id, id, user_id, spec, spec_hash, plan, cost_low_micros, cost_high_micros, duration_low_s,
                duration_high_s
            )
            values (
                :workspace, :id, :user, cast(:spec as jsonb), :hash, cast(:plan as jsonb), :low, :high, :low_s, :high_s
            )
        """),
        {
            "workspace": workspace_id,
            "id": new.id,
            "user": user_id,
            "spec": new.spec.model_dump_json(),
            "hash": new.spec_hash,
            "plan": new.plan,
            "low": new.cost_micros[0],
            "high": new.cost_micros[1],
            "low_s": new.duration_s[0],
            "high_s": new.duration_s[1],
        },
    )


def get(conn: Connection, workspace_id: UUID, quote_id: UUID) -> QuoteRow | None:
    """A quote of the workspace."""
    row = conn.execute(
        sa.text("""
            select id, spec, spec_hash, plan, cost_low_micros, cost_high_micros, duration_low_s, duration_high_s,
                created_at, expires_at, expires_at <= now() as is_over
            from quotes
            where workspace_id = :workspace and id = :id
        """),
        {"workspace": workspace_id, "id": quote_id},
    ).one_or_none()
    if row is None:
        return None
    return QuoteRow(
        **{**row._mapping, "spec": CampaignSpec.model_validate(row.spec), "spec_hash": bytes(row.spec_hash)}
    )
