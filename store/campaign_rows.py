"""Campaigns as people read them: which columns, which campaigns, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.causes import Cause
from pipeline.suppression import Listed
from store import tables, workers
from store.conditions import contains, is_stuck
from store.keyset import Key
from store.suppressions import left_out_of
from store.tables import leads

_C, _J = tables.campaigns.c, tables.discovery_jobs.c
NEWEST_FIRST = (Key(_C.created_at, descending=True), Key(_C.id, descending=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """A campaign with the state of its job. Money in millionths of a US dollar, times in UTC.

    ``place_in_line`` counts from 1 and is None once the campaign has started; ``elapsed_s`` is how long its latest
    run takes, or how long it waits for one, by the database's clock. ``is_stuck``: its worker's lease ran out and
    nobody took it over yet. ``lacks_worker``: it waits or is stuck, and no worker runs at all; only looked up for
    a single campaign. Without an ``avg_reach`` an earlier version rated the leads, whose single score is averaged in
    ``avg_confidence``. ``left_out`` counts the businesses left out for the suppression list, by entry; ``in_book``
    those that were in the book already and ``customers`` those on a list of customers, None where nobody counted.
    ``ordered_by``: the address of who ordered it, None when they are not in the workspace any more. ``order_key`` is
    the same for every run of one order. ``bulk_id`` is the bulk order it was ordered with.
    """

    id: UUID
    job_id: UUID
    created_by: UUID
    ordered_by: str | None
    title: str
    spec: CampaignSpec
    status: CampaignStatus
    outcome_reason: str | None
    outcome_cause: Cause | None
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
    avg_reach: Decimal | None
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
    left_out: Mapping[Listed, int]
    tags: tuple[str, ...]
    order_key: UUID
    in_book: int | None
    customers: int | None
    bulk_id: UUID | None


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
def selected() -> sa.Select[Any]:
    """Campaigns with the state of their jobs, as ``CampaignRow`` names it."""
    same = sa.and_(_J.workspace_id == _C.workspace_id, _J.campaign_id == _C.id)
    return sa.select(
        *(_C.created_by, tables.users.c.email.label("ordered_by")),
        *(_C.id, _C.title, _C.spec, _C.status, _C.outcome_reason, _C.outcome_cause, _C.notice),
        *(_C.suspicion, _C.simulated, _C.left_out, _C.tags, _C.order_key, _C.in_book, _C.customers),
        _C.bulk_id,
        *(_C.budget_micros, _C.spent_micros, _C.saved_micros, _C.uncertain_micros),
        *(_C.businesses_found, _C.qualified_leads, _C.leads_enriched, _C.emails_found, _C.emails_verified),
        *(_C.lead_count, _C.avg_confidence, _C.avg_reach, _C.created_at, _C.started_at, _C.ended_at),
        *(_J.id.label("job_id"), _J.current_stage.label("stage"), _J.progress, _J.waiting_for),
        _J.cancel_requested_at.is_not(None).label("cancel_requested"),
        _elapsed_s().label("elapsed_s"),
        _has_open_leads().label("open_leads"),
        is_stuck().label("is_stuck"),
    ).select_from(
        tables.campaigns.join(tables.discovery_jobs, same).outerjoin(
            tables.users, tables.users.c.id == _C.created_by
        )
    )


@lru_cache(maxsize=1)
def single() -> sa.Select[Any]:
    """The same, with what is looked up for a single campaign only, and the workspace as ``home``."""
    waits = _C.status == CampaignStatus.PENDING
    lives = sa.func.app_worker_lives(workers.GONE_AFTER_S)
    return selected().add_columns(
        _C.workspace_id.label("home"),
        sa.case((waits, sa.func.app_place_in_line(_J.id, type_=sa.BigInteger))).label("place_in_line"),
        sa.and_(sa.or_(waits, is_stuck()), sa.not_(lives)).label("lacks_worker"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which campaigns: every part that is set must hold; ``text`` is looked for literally in the title."""

    status: CampaignStatus | None = None
    text: str | None = None
    bulk_id: UUID | None = None


EVERY = Which()


def listed(workspace_id: UUID, which: Which = EVERY) -> Iterator[sa.ColumnElement[bool]]:
    """What has to hold of a campaign to be listed, one condition for each part that is set."""
    yield _C.workspace_id == workspace_id
    yield _C.deleted_at.is_(None)
    if which.status:
        yield _C.status == which.status
    if which.text:
        yield contains(_C.title, which.text)
    if which.bulk_id:
        yield _C.bulk_id == which.bulk_id


def row_of(row: Mapping[str, Any]) -> CampaignRow:
    """A campaign from a row of ``selected`` or ``single``."""
    return CampaignRow(
        **{
            "place_in_line": None,
            "lacks_worker": False,
            **{name: value for name, value in row.items() if name != "home"},
            "spec": CampaignSpec.model_validate(row["spec"]),
            "status": CampaignStatus(row["status"]),
            "outcome_cause": Cause(row["outcome_cause"]) if row["outcome_cause"] else None,
            "stage": Stage(row["stage"]),
            "left_out": left_out_of(row["left_out"]),
            "tags": tuple(row["tags"]),
            "elapsed_s": max(0, row["elapsed_s"]),
        }
    )
