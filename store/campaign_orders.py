"""Campaigns by order: every run of one order together, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignStatus
from store import tables
from store.campaign_rows import NEWEST_FIRST, CampaignRow, row_of, selected
from store.conditions import contains

KEPT = 5
"""So many of the newest runs of an order come with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWhere:
    """Which campaigns: every part that is set must hold. ``text`` is looked for literally in the title and in what was
    ordered, ``until`` is no part of the time; ``order`` is that of a campaign."""

    status: CampaignStatus | None = None
    text: str | None = None
    ordered_by: UUID | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    order: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order: ``head`` is its newest run of those looked for, ``newest`` are its newest runs of all, ``runs`` counts
    them."""

    head: CampaignRow
    newest: tuple[CampaignRow, ...]
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A campaign as one to choose. ``is_same``: it is of the same order as the one it was looked for with."""

    id: UUID
    title: str
    created_at: datetime
    status: CampaignStatus
    lead_count: int
    is_same: bool


def page(conn: Connection, workspace_id: UUID, where: CampaignWhere, limit: int) -> list[OrderRow]:
    """The orders with a run that is looked for, by the newest of these."""
    found, later = tables.campaigns.alias("found"), tables.campaigns.alias("later")
    behind = sa.tuple_(later.c.created_at, later.c.id) > sa.tuple_(found.c.created_at, found.c.id)
    is_later = sa.select(later.c.id).where(
        later.c.order_key == found.c.order_key, behind, *_wanted(later, workspace_id, where)
    )
    heads = (
        sa.select(found.c.id, found.c.order_key)
        .where(*_wanted(found, workspace_id, where), sa.not_(is_later.exists()))
        .order_by(found.c.created_at.desc(), found.c.id.desc())
        .limit(limit)
        .cte("heads")
    )
    rows = conn.execute(_with_runs(workspace_id, heads)).all()
    runs = [(row, row_of(_campaign(row))) for row in rows]
    return [
        OrderRow(
            head=head,
            newest=tuple(
                run for other, run in runs if run.order_key == head.order_key and other.place <= KEPT
            ),
            runs=row.runs,
        )
        for row, head in runs
        if row.is_head
    ]


def single(conn: Connection, workspace_id: UUID, where: CampaignWhere, limit: int) -> list[CampaignRow]:
    """Every campaign that is looked for by itself, newest first."""
    query = selected().where(*_wanted(tables.campaigns, workspace_id, where))
    rows = conn.execute(query.order_by(*(key.order() for key in NEWEST_FIRST)).limit(limit))
    return [row_of(row._asdict()) for row in rows]


def counts(conn: Connection, workspace_id: UUID, where: CampaignWhere) -> tuple[int, int]:
    """How many orders and how many campaigns ``page`` and ``single`` would list in all."""
    of = tables.campaigns
    query = sa.select(
        sa.func.count(sa.distinct(of.c.order_key)).label("orders"), sa.func.count().label("all")
    )
    row = conn.execute(query.select_from(of).where(*_wanted(of, workspace_id, where))).one()
    return row.orders, row.all


def comparable(conn: Connection, workspace_id: UUID, campaign: CampaignRow, most: int) -> list[Run]:
    """Campaigns whose leads can be set beside those of a campaign: of the same order first, then those that look for
    one of its types or in its place, the newest first."""
    rows = conn.execute(
        sa.text("""
            select id, title, created_at, status, lead_count, order_key = :order as is_same
            from campaigns
            where workspace_id = :workspace
                and deleted_at is null
                and id <> :id
                and started_at is not null
                and (
                    order_key = :order
                    or lower(spec ->> 'location') = lower(:location)
                    or spec -> 'business_types' ?| :types
                )
            order by order_key = :order desc, created_at desc, id desc
            limit :most
        """),
        {
            "workspace": workspace_id,
            "id": campaign.id,
            "order": campaign.order_key,
            "location": campaign.spec.location,
            "types": list(campaign.spec.business_types),
            "most": most,
        },
    )
    return [Run(**{**row._mapping, "status": CampaignStatus(row.status)}) for row in rows]


def tags(conn: Connection, workspace_id: UUID) -> list[str]:
    """Every tag of a campaign of the workspace."""
    rows = conn.execute(
        sa.text("""
            select distinct tag
            from campaigns, unnest(tags) as tag
            where workspace_id = :workspace and deleted_at is null
            order by tag
        """),
        {"workspace": workspace_id},
    )
    return [row.tag for row in rows]


def set_tags(conn: Connection, workspace_id: UUID, campaign_id: UUID, wanted: list[str]) -> None:
    """Give a campaign these tags and no others."""
    conn.execute(
        sa.text("update campaigns set tags = :tags where workspace_id = :workspace and id = :id"),
        {"tags": wanted, "workspace": workspace_id, "id": campaign_id},
    )


def _with_runs(workspace_id: UUID, heads: sa.CTE) -> sa.Select[Any]:
    """The heads and the newest runs of their orders."""
    of, newest = tables.campaigns, [key.order() for key in NEWEST_FIRST]
    ranked = (
        sa.select(
            of.c.id,
            sa.func.row_number().over(partition_by=of.c.order_key, order_by=newest).label("place"),
            sa.func.count().over(partition_by=of.c.order_key).label("runs"),
        )
        .where(of.c.workspace_id == workspace_id, of.c.deleted_at.is_(None))
        .where(of.c.order_key.in_(sa.select(heads.c.order_key)))
        .subquery("ranked")
    )
    is_head = heads.c.id.is_not(None)
    return (
        selected()
        .add_columns(ranked.c.place, ranked.c.runs, is_head.label("is_head"))
        .join(ranked, ranked.c.id == of.c.id)
        .outerjoin(heads, heads.c.id == of.c.id)
        .where(of.c.workspace_id == workspace_id, sa.or_(is_head, ranked.c.place <= KEPT))
        .order_by(*newest)
    )


def _campaign(row: sa.Row[Any]) -> dict[str, Any]:
    own = ("place", "runs", "is_head")
    return {name: value for name, value in row._asdict().items() if name not in own}


def _wanted(of: sa.FromClause, workspace_id: UUID, where: CampaignWhere) -> Iterator[sa.ColumnElement[bool]]:
    yield of.c.workspace_id == workspace_id
    yield of.c.deleted_at.is_(None)
    # Hundreds at once, which stand with their bulk order.
    yield of.c.bulk_id.is_(None)
    if where.status:
        yield of.c.status == where.status
    if where.text:
        ordered = (of.c.spec[name].astext for name in ("business_types", "by_name", "location"))
        # Lists come as JSON, whose marks nobody looks for.
        said = sa.func.translate(sa.func.concat_ws(" ", *ordered), '[]"', "")
        yield contains(sa.func.concat_ws(" ", of.c.title, said), where.text)
    if where.ordered_by:
        yield of.c.created_by == where.ordered_by
    if where.tag:
        yield of.c.tags.contains([where.tag])
    if where.since:
        yield of.c.created_at >= where.since
    if where.until:
        yield of.c.created_at < where.until
    if where.order:
        same = tables.campaigns.alias("same")
        yield (
            of.c.order_key
            == sa.select(same.c.order_key)
            .where(same.c.workspace_id == workspace_id, same.c.id == where.order, same.c.deleted_at.is_(None))
            .scalar_subquery()
        )
