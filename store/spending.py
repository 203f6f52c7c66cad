"""The calls of the ledger, and when their money was spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import keyset, tables
from store.keyset import Key
from store.spent_where import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One line of the ledger as its workspace sees it."""

    id: UUID
    at: datetime
    provider: str
    operation: str
    campaign_id: UUID
    campaign: str
    subject: str | None
    business: str | None
    arguments: dict[str, Any]
    state: str
    price_micros: int
    cost_micros: int
    saved_micros: int
    found: bool | None
    http_status: int | None


_MOMENTS = 200
_P, _B, _C, _U = tables.provider_calls.c, tables.businesses.c, tables.campaigns.c, tables.users.c
_NEWEST_FIRST = (Key(_P.created_at, descending=True), Key(_P.id, descending=True))


def _of_calls(where: Where, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Columns of calls, of their campaigns and of the people who ordered those."""
    its_campaign = sa.and_(_C.workspace_id == _P.workspace_id, _C.id == _P.campaign_id)
    return (
        sa.select(*columns)
        .select_from(tables.provider_calls)
        .join(tables.campaigns, its_campaign)
        .outerjoin(tables.users, _U.id == _C.created_by)
        .where(*where.of_calls())
    )


def calls(
    conn: Connection, where: Where, after: tuple[datetime, UUID] | None, limit: int | None
) -> list[CallRow]:
    """The calls, newest first, from just after ``after``; ``limit`` None means all of them."""
    business = (
        sa.select(_B.name)
        .where(
            _B.workspace_id == _P.workspace_id, _B.campaign_id == _P.campaign_id, _B.match_key == _P.subject
        )
        .scalar_subquery()
    )
    query = _of_calls(
        where,
        *(_P.id, _P.created_at.label("at"), _P.provider, _P.operation, _P.arguments, _P.state, _P.found),
        *(_P.campaign_id, _P.subject, _C.title.label("campaign"), business.label("business"), _P.http_status),
        *(_P.price_micros, _P.cost_micros, _P.saved_micros),
    )
    rows = conn.execute(keyset.page(query, _NEWEST_FIRST, after, limit))
    return [CallRow(**row._mapping) for row in rows]


def moments_of(where: Where) -> sa.Select[Any]:
    """When each provider's money was spent: moment, provider, micro-dollars; oldest first.

    A long story is told in at most ``_MOMENTS`` moments a provider, as a chart draws no more.
    """
    is_paid = (_P.cost_micros > 0, _P.done_at.is_not(None))
    paid = _of_calls(where, _P.done_at, _P.provider, _P.cost_micros).where(*is_paid).subquery("paid")
    at_s = sa.extract("epoch", paid.c.done_at)
    first, last = sa.func.min(at_s).over(), sa.func.max(at_s).over()
    moment = sa.func.width_bucket(at_s, first, last + 1, _MOMENTS).label("moment")
    told = sa.select(paid, moment).subquery("told")
    at = sa.func.max(told.c.done_at).label("at")
    cost = sa.cast(sa.func.sum(told.c.cost_micros), sa.BigInteger).label("cost_micros")
    return sa.select(at, told.c.provider, cost).group_by(told.c.provider, told.c.moment).order_by(at)
