"""Campaigns and the one job that runs each: written together, read together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from store import jobs, keyset, tables, workers
from store.conditions import contains
from store.keyset import Key
from store.tables import leads

_C, _J = tables.campaigns.c, tables.discovery_jobs.c
_NEWEST_FIRST = (Key(_C.created_at, descending=True), Key(_C.id, descending=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """A campaign with the state of its job. Money in millionths of a US dollar, times in UTC.

    ``place_in_line`` counts from 1 and is None once the campaign has started; ``elapsed_s`` is how long its latest
    run takes, or how long it waits for one, by the database's clock. ``is_stuck``: its worker's lease ran out and
    nobody took it over yet. ``lacks_worker``: it waits or is stuck, and no worker runs at all; only looked up for
    a single campaign.
    """

    id: UUID
    job_id: UUID
    title: str
    spec: CampaignSpec
    status: CampaignStatus
    outcome_reason: str | None
    notice: str | None
    suspicion: str | None
    budget_micros: int
    spent_micros: int
    businesses_found: int
    qualified_leads: int
    leads_enriched: int
    emails_found: int
    lead_count: int
    avg_confidence: Decimal | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    stage: Stage
    progress: int
    place_in_line: int | None
    elapsed_s: int
    cancel_requested: bool
    emails_verified: int
    saved_micros: int
    uncertain_micros: int
    simulated: bool
    waiting_for: str | None
    open_leads: bool
    is_stuck: bool
    lacks_worker: bool


def _elapsed_s() -> sa.ColumnElement[int]:
    until = sa.func.coalesce(_C.ended_at, sa.func.now())
    return sa.cast(sa.extract("epoch", until - sa.func.coalesce(_J.started_at, _J.wake_first_at)), sa.Integer)


def _has_open_leads() -> sa.ColumnElement[bool]:
    interrupted = sa.and_(_J.discovered_at.is_(None), _C.status == CampaignStatus.PARTIAL)
    open_lead = sa.select(leads.c.id).where(
        leads.c.workspace_id == _C.workspace_id, leads.c.campaign_id == _C.id, leads.c.is_open
    )
    return sa.or_(interrupted, open_lead.exists())


@lru_cache(maxsize=1)
def _select() -> sa.Select[Any]:
    """Campaigns with the state of their jobs, as ``CampaignRow`` names it."""
    same = sa.and_(_J.workspace_id == _C.workspace_id, _J.campaign_id == _C.id)
    return sa.select(
        *(_C.id, _C.title, _C.spec, _C.status, _C.outcome_reason, _C.notice, _C.suspicion, _C.simulated),
        *(_C.budget_micros, _C.spent_micros, _C.saved_micros, _C.uncertain_micros),
        *(_C.businesses_found, _C.qualified_leads, _C.leads_enriched, _C.emails_found, _C.emails_verified),
        *(_C.lead_count, _C.avg_confidence, _C.created_at, _C.started_at, _C.ended_at),
        *(_J.id.label("job_id"), _J.current_stage.label("stage"), _J.progress, _J.waiting_for),
        _J.cancel_requested_at.is_not(None).label("cancel_requested"),
        _elapsed_s().label("elapsed_s"),
        _has_open_leads().label("open_leads"),
        jobs.is_stuck().label("is_stuck"),
    ).select_from(tables.campaigns.join(tables.discovery_jobs, same))


def _listed(
    workspace_id: UUID, status: CampaignStatus | None, text: str | None
) -> Iterator[sa.ColumnElement[bool]]:
    """What has to hold of a campaign to be listed, one condition for each part that is set."""
    yield _C.workspace_id == workspace_id
    yield _C.deleted_at.is_(None)
    if status:
        yield _C.status == status
    if text:
        yield contains(_C.title, text)


def _row(row: Row[Any], place_in_line: int | None = None, *, lacks_worker: bool = False) -> CampaignRow:
    fields = row._mapping
    return CampaignRow(
        **{
            **fields,
            "spec": CampaignSpec.model_validate(fields["spec"]),
            "status": CampaignStatus(fields["status"]),
            "stage": Stage(fields["stage"]),
            "elapsed_s": max(0, fields["elapsed_s"]),
            "place_in_line": place_in_line,
            "lacks_worker": lacks_worker,
        }
    )


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
        sa.text(
            "with made as ("
            " insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)"
            " values (:workspace, :id, :user, :key, :title, cast(:spec as jsonb), :budget)"
            " on conflict (workspace_id, idem_key) do nothing returning workspace_id, id)"
            " insert into discovery_jobs (workspace_id, id, campaign_id)"
            " select workspace_id, :job, id from made returning id"
        ),
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
    query = _select().where(*_listed(workspace_id, None, None), _C.id == campaign_id)
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    waiting = row.status == CampaignStatus.PENDING
    return _row(
        row,
        _place_in_line(conn, row.job_id) if waiting else None,
        lacks_worker=(waiting or row.is_stuck) and not workers.any_alive(conn),
    )


def _place_in_line(conn: Connection, job_id: UUID) -> int:
    return int(conn.execute(sa.text("select app_place_in_line(:job)"), {"job": job_id}).scalar_one())


def page(
    conn: Connection,
    workspace_id: UUID,
    *,
    status: CampaignStatus | None,
    text: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[CampaignRow]:
    """Newest first, from just after ``after``; ``text`` is looked for literally in the title."""
    query = _select().where(*_listed(workspace_id, status, text))
    rows = conn.execute(keyset.page(query, _NEWEST_FIRST, after, limit))
    return [_row(row) for row in rows]


def count(conn: Connection, workspace_id: UUID, status: CampaignStatus | None, text: str | None) -> int:
    """How many campaigns ``page`` would list in all."""
    query = sa.select(sa.func.count()).select_from(tables.campaigns)
    return int(conn.execute(query.where(*_listed(workspace_id, status, text))).scalar_one())


def delete(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> None:
    """Remove a campaign's businesses, leads and events; the campaign row stays, hidden, for its costs."""
    where = {"workspace": workspace_id, "id": campaign_id}
    conn.execute(sa.text("delete from leads where workspace_id = :workspace and campaign_id = :id"), where)
    conn.execute(
        sa.text("delete from businesses where workspace_id = :workspace and campaign_id = :id"), where
    )
    conn.execute(
        sa.text("""
            delete from job_events e
            using discovery_jobs j
            where e.workspace_id = :workspace and j.workspace_id = :workspace
                and j.campaign_id = :id and e.job_id = j.id
        """),
        where,
    )
    conn.execute(
        sa.text("update campaigns set deleted_at = now() where workspace_id = :workspace and id = :id"), where
    )


def unanswered(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> dict[str, int]:
    """How many leads got no certain answer from each step that may be tried again."""
    rows = conn.execute(
        sa.text(
            "select step ->> 'step' as step, count(*) as leads from leads, jsonb_array_elements(steps) step"
            " where workspace_id = :workspace and campaign_id = :campaign"
            " and step ->> 'outcome' in ('uncertain', 'failed') and not (step ->> 'is_open')::boolean group by 1"
        ),
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
