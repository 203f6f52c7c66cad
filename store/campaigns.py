"""Campaigns and the one job that runs each: written together, read together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignSpec
from store import keyset, tables
from store.campaign_rows import NEWEST_FIRST, listed, row_of, selected, single
from store.campaign_rows import CampaignRow as CampaignRow
from store.campaign_rows import Which as Which


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign:
    """A campaign about to be stored. ``idem_key`` makes storing it a second time return the first."""

    workspace_id: UUID
    campaign_id: UUID
    job_id: UUID
    created_by: UUID
    idem_key: str
    spec: CampaignSpec


def insert(conn: Connection, new: NewCampaign) -> bool:
    """Store campaign and job; False when the idempotency key is taken already."""
    made = conn.execute(
        sa.text("""
            with made as (
                insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)
                values (:workspace, :id, :user, :key, :title, cast(:spec as jsonb), :budget)
                on conflict (workspace_id, idem_key) do nothing
                returning workspace_id, id
            )
            insert into discovery_jobs (workspace_id, id, campaign_id)
            select workspace_id, :job, id
            from made
            returning id
        """),
        {
            "workspace": new.workspace_id,
            "id": new.campaign_id,
            "job": new.job_id,
            "user": new.created_by,
            "key": new.idem_key,
            "title": new.spec.title[:300],
            "spec": new.spec.model_dump_json(),
            "budget": new.spec.budget_micros,
        },
    ).scalar_one_or_none()
    return made is not None


def by_idem_key(conn: Connection, workspace_id: UUID, idem_key: str) -> tuple[UUID, CampaignSpec]:
    """The campaign stored under an idempotency key, and its order."""
    row = conn.execute(
        sa.text("select id, spec from campaigns where workspace_id = :workspace and idem_key = :key"),
        {"workspace": workspace_id, "key": idem_key},
    ).one()
    return row.id, CampaignSpec.model_validate(row.spec)


def get(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> CampaignRow | None:
    """One campaign with its place in line while it waits."""
    query = single().where(*listed(workspace_id), tables.campaigns.c.id == campaign_id)
    row = conn.execute(query).one_or_none()
    return None if row is None else row_of(row._asdict())


def workspace_of(conn: Connection, campaign_id: UUID) -> UUID | None:
    """Which of the workspaces of whoever asks a campaign is in; None when it is in none of them or deleted."""
    found: UUID | None = conn.execute(
        sa.text("select workspace_id from campaigns where id = :id and deleted_at is null"),
        {"id": campaign_id},
    ).scalar_one_or_none()
    return found


def page(
    conn: Connection, workspace_id: UUID, which: Which, after: tuple[datetime, UUID] | None, limit: int
) -> list[CampaignRow]:
    """Newest first, from just after ``after``."""
    query = selected().where(*listed(workspace_id, which))
    rows = conn.execute(keyset.page(query, NEWEST_FIRST, after, limit))
    return [row_of(row._asdict()) for row in rows]


def count(conn: Connection, workspace_id: UUID, which: Which) -> int:
    """How many campaigns ``page`` would list in all."""
    query = sa.select(sa.func.count()).select_from(tables.campaigns)
    return int(conn.execute(query.where(*listed(workspace_id, which))).scalar_one())


def rename(conn: Connection, workspace_id: UUID, campaign_id: UUID, title: str) -> None:
    """Give a campaign another title."""
    conn.execute(
        sa.text("update campaigns set title = :title where workspace_id = :workspace and id = :id"),
        {"title": title, "workspace": workspace_id, "id": campaign_id},
    )


def unanswered(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> dict[str, int]:
    """How many leads got no certain answer from each step that may be tried again, a list that failed included."""
    rows = conn.execute(
        sa.text("""
            select step ->> 'step' as step, count(*) as leads
            from leads, jsonb_array_elements(steps) step
            where workspace_id = :workspace
                and campaign_id = :campaign
                and (
                    step ->> 'outcome' in ('uncertain', 'failed') and not (step ->> 'is_open')::boolean
                    or step ->> 'cause' in ('list_failed', 'no_result') and (step ->> 'is_open')::boolean
                )
            group by 1
        """),
        {"workspace": workspace_id, "campaign": campaign_id},
    )
    return {row.step: row.leads for row in rows}


def retry_unanswered(conn: Connection, campaign_id: UUID) -> int:
    """Open those look-ups of an ended campaign of one's own again; returns how many leads wait for one."""
    return int(
        conn.execute(sa.text("select app_retry_uncertain(:campaign)"), {"campaign": campaign_id}).scalar_one()
    )


def raise_budget(
    conn: Connection, campaign_id: UUID, amount_micros: int, idem_key: str, most_micros: int
) -> bool:
    """Give an ended campaign of one's own more money; False when the key was used already or it cannot be."""
    return bool(
        conn.execute(
            sa.text("select app_raise_budget(:campaign, :amount, :key, :most)"),
            {"campaign": campaign_id, "amount": amount_micros, "key": idem_key, "most": most_micros},
        ).scalar_one()
    )
