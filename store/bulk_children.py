"""The campaigns of a bulk order: stored all at once, and read as lines of a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignSpec, CampaignStatus
from store.bulk_orders import NewBulkOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A campaign of it about to be stored."""

    campaign_id: UUID
    job_id: UUID
    spec: CampaignSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRow:
    """A campaign of a bulk order in a line of its table."""

    id: UUID
    title: str
    status: CampaignStatus
    progress: int
    lead_count: int
    spent_micros: int
    outcome_reason: str | None


def insert(conn: Connection, new: NewBulkOrder, children: Sequence[Child]) -> None:
    """Store them; none is in line before its turn has come."""
    given = {
        "workspace": new.workspace_id,
        "bulk": new.id,
        "user": new.created_by,
        "children": json.dumps(
            [
                {
                    **{"id": str(child.campaign_id), "job": str(child.job_id)},
                    **{"title": child.spec.title[:300], "budget": child.spec.budget_micros},
                    "spec": child.spec.model_dump(mode="json"),
                }
                for child in children
            ]
        ),
    }
    conn.execute(
        sa.text("""
            insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros, bulk_id)
            select :workspace, id, :user, 'bulk-' || id, title, spec, budget, :bulk
            from jsonb_to_recordset(cast(:children as jsonb))
                as child (id uuid, title text, spec jsonb, budget bigint)
        """),
        given,
    )
    conn.execute(
        sa.text("""
            insert into discovery_jobs (workspace_id, id, campaign_id, wake_at)
            select :workspace, job, id, 'infinity'
            from jsonb_to_recordset(cast(:children as jsonb)) as child (id uuid, job uuid)
        """),
        {"workspace": new.workspace_id, "children": given["children"]},
    )


def of(conn: Connection, workspace_id: UUID, bulk_id: UUID) -> list[ChildRow]:
    """Its campaigns in the order they were written in; deleted ones are left out."""
    rows = conn.execute(
        sa.text("""
            select c.id, c.title, c.status, j.progress, c.lead_count, c.spent_micros, c.outcome_reason
            from campaigns c
            join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
            where c.workspace_id = :workspace and c.bulk_id = :bulk and c.deleted_at is null
            order by c.id
        """),
        {"workspace": workspace_id, "bulk": bulk_id},
    )
    return [ChildRow(**{**row._mapping, "status": CampaignStatus(row.status)}) for row in rows]


def open_orders(conn: Connection, workspace_id: UUID) -> list[CampaignSpec]:
    """The orders of all campaigns of the workspace that run or wait."""
    rows = conn.execute(
        sa.text("""
            select spec
            from campaigns
            where workspace_id = :workspace and ended_at is null and deleted_at is null
        """),
        {"workspace": workspace_id},
    )
    return [CampaignSpec.model_validate(row.spec) for row in rows]
