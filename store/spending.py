"""Where money went, read from the ledger: sums by day, campaign, provider and person, and the calls themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What one group cost. Money in micro-dollars; ``missed`` bought nothing, ``uncertain`` may not be billed."""

    group: str
    calls: int
    cost_micros: int
    saved_micros: int
    missed_micros: int
    uncertain_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One line of the ledger as its workspace sees it."""

    id: UUID
    at: datetime
    provider: str
    operation: str
    campaign_id: UUID
    campaign: str
    business: str | None
    arguments: dict[str, Any]
    state: str
    price_micros: int
    cost_micros: int
    saved_micros: int
    found: bool | None
    http_status: int | None


_GROUPS = {
    "day": "to_char(c.created_at at time zone 'UTC', 'YYYY-MM-DD')",
    "campaign": "g.title || ', ' || to_char(g.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')",
    "provider": "c.provider",
    "user": "coalesce(u.email, 'Another member')",
}
_SUMS = (
    "count(*) filter (where c.state in ('done', 'unknown')) as calls,"
    " coalesce(sum(c.cost_micros), 0)::bigint as cost_micros,"
    " coalesce(sum(c.saved_micros), 0)::bigint as saved_micros,"
    " coalesce(sum(c.cost_micros) filter (where c.state = 'done' and not coalesce(c.found, true)), 0)::bigint"
    " as missed_micros,"
    " coalesce(sum(c.cost_micros) filter (where c.state = 'unknown'), 0)::bigint as uncertain_micros"
)
_MOMENTS = 200
_FROM = (
    "from provider_calls c join campaigns g on g.workspace_id = c.workspace_id and g.id = c.campaign_id"
    " left join users u on u.id = g.created_by"
    " where c.workspace_id = :workspace and (cast(:campaign as uuid) is null or c.campaign_id = :campaign)"
    " and (cast(:provider as text) is null or c.provider = :provider)"
    " and (cast(:since as date) is null or c.created_at >= :since)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which calls: those of a workspace, of a campaign, of a provider, since a day."""

    workspace_id: UUID
    campaign_id: UUID | None = None
    provider: str | None = None
    since: date | None = None

    def values(self) -> dict[str, object]:
        """As SQL takes it."""
        return {
            "workspace": self.workspace_id,
            "campaign": self.campaign_id,
            "provider": self.provider,
            "since": self.since,
        }


def sums(conn: Connection, where: Where, by: str) -> list[Sum]:
    """Sums by day, campaign, provider or person, the latest or dearest first."""
    order = "1 desc" if by == "day" else "cost_micros desc, 1"
    # Two campaigns may bear the same name.
    groups = "g.id, 1" if by == "campaign" else "1"
    rows = conn.execute(
        sa.text(
            f'select {_GROUPS[by]} as "group", {_SUMS} {_FROM} group by {groups} order by {order} limit 400'
        ),
        where.values(),
    )
    return [Sum(**row._mapping) for row in rows]


def everybody(conn: Connection, since: date) -> list[tuple[date, str, str, Sum]]:
    """Sums by day, provider and person over all workspaces; empty for anyone but administrators."""
    rows = conn.execute(sa.text("select * from ledger_spending(:since)"), {"since": since})
    return [
        (
            row.day,
            row.provider,
            row.owner,
            Sum(
                group="",
                calls=row.calls,
                cost_micros=row.cost,
                saved_micros=row.saved,
                missed_micros=row.missed,
                uncertain_micros=row.uncertain,
            ),
        )
        for row in rows
    ]


def today_by_provider(conn: Connection) -> dict[str, tuple[int, int]]:
    """Calls and cost of today by provider, over all workspaces; empty for anyone but administrators."""
    rows = conn.execute(
        sa.text(
            "select provider, sum(calls)::bigint as calls, sum(cost)::bigint as cost"
            " from ledger_spending(date_trunc('day', now())) group by provider"
        )
    )
    return {row.provider: (int(row.calls), int(row.cost)) for row in rows}


def hit_rates(conn: Connection) -> dict[str, tuple[int, int]]:
    """How often each provider was asked and found something, over the last 90 days and all tenants."""
    rows = conn.execute(sa.text("select provider, asked, hits from ledger_hit_rates()"))
    return {row.provider: (int(row.asked), int(row.hits)) for row in rows}


def calls(
    conn: Connection, where: Where, after: tuple[datetime, UUID] | None, limit: int | None
) -> list[CallRow]:
    """The calls, newest first, from just after ``after``; ``limit`` None means all of them."""
    position = " and (c.created_at, c.id) < (:after_at, :after_id)" if after else ""
    after_at, after_id = after or (None, None)
    rows = conn.execute(
        sa.text(
            "select c.id, c.created_at as at, c.provider, c.operation, c.campaign_id, g.title as campaign,"
            " (select b.name from businesses b where b.workspace_id = c.workspace_id"
            "   and b.campaign_id = c.campaign_id and b.match_key = c.subject) as business,"
            " c.arguments, c.state, c.price_micros, c.cost_micros, c.saved_micros, c.found, c.http_status"
            f" {_FROM}{position} order by c.created_at desc, c.id desc limit :limit"
        ),
        {**where.values(), "after_at": after_at, "after_id": after_id, "limit": limit},
    )
    return [CallRow(**row._mapping) for row in rows]


def over_time(conn: Connection, where: Where) -> list[tuple[datetime, str, int]]:
    """When each provider's money was spent: moment, provider, micro-dollars; oldest first.

    A long story is told in at most ``_MOMENTS`` moments a provider, as a chart draws no more.
    """
    rows = conn.execute(
        sa.text(
            "select max(done_at) as at, provider, sum(cost_micros)::bigint as cost_micros from ("
            " select *, width_bucket(extract(epoch from done_at), min(extract(epoch from done_at)) over (),"
            "  max(extract(epoch from done_at)) over () + 1, :moments) as moment"
            f" from (select c.done_at, c.provider, c.cost_micros {_FROM}"
            "  and c.cost_micros > 0 and c.done_at is not null) paid"
            ") told group by provider, moment order by 1"
        ),
        {**where.values(), "moments": _MOMENTS},
    )
    return [(row.at, row.provider, row.cost_micros) for row in rows]
