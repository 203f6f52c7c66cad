"""Where money went: sums of the ledger by day, campaign, provider and person, and the calls themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import keyset, tables
from store.keyset import Key


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
_MOST_GROUPS = 400
_P, _B = tables.provider_calls.c, tables.businesses.c
_C, _U, _S = tables.campaigns.c, tables.users.c, tables.call_sums.c
_NEWEST_FIRST = (Key(_P.created_at, descending=True), Key(_P.id, descending=True))
_Column = sa.ColumnElement[Any]
_Id = UUID | sa.BindParameter[UUID]


def _utc(moment: _Column, format: str) -> _Column:
    return sa.func.to_char(sa.func.timezone("UTC", moment), format)


def _total(micros: _Column) -> _Column:
    return sa.cast(sa.func.coalesce(sa.func.sum(micros), 0), sa.BigInteger)


_COST_AND_USABLE = (_total(_C.spent_micros), _total(_C.emails_verified))
_GROUPS: dict[str, _Column] = {
    "day": sa.func.to_char(_S.day, "YYYY-MM-DD"),
    "campaign": _C.title + ", " + _utc(_C.created_at, "YYYY-MM-DD HH24:MI"),
    "provider": _S.provider,
    "user": sa.func.coalesce(_U.email, "Another member"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which calls: those of a workspace, of a campaign, of a provider, of who ordered, from one day (UTC) up to another
    that is left out."""

    workspace_id: _Id
    campaign_id: _Id | None = None
    provider: str | None = None
    user_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """What has to hold of a call, one condition for each part that is set."""
        yield _P.workspace_id == self.workspace_id
        if self.campaign_id is not None:
            yield _P.campaign_id == self.campaign_id
        if self.provider:
            yield _P.provider == self.provider
        if self.user_id:
            yield _C.created_by == self.user_id
        yield from _during(_P.sent_at, self.since, self.until)

    def of_sums(self) -> Iterator[sa.ColumnElement[bool]]:
        """The same of sums by day."""
        yield _S.workspace_id == self.workspace_id
        if self.campaign_id is not None:
            yield _S.campaign_id == self.campaign_id
        if self.provider:
            yield _S.provider == self.provider
        if self.user_id:
            yield _C.created_by == self.user_id
        yield from _during(_S.day, self.since, self.until)


def _during(moment: _Column, since: date | None, until: date | None) -> Iterator[sa.ColumnElement[bool]]:
    """Days are UTC's, as the connection's time zone is."""
    if since:
        yield moment >= since
    if until:
        yield moment < until


def _of_calls(where: Where, *columns: _Column) -> sa.Select[Any]:
    """Columns of calls, of their campaigns and of the people who ordered those."""
    its_campaign = sa.and_(_C.workspace_id == _P.workspace_id, _C.id == _P.campaign_id)
    return (
        sa.select(*columns)
        .select_from(tables.provider_calls)
        .join(tables.campaigns, its_campaign)
        .outerjoin(tables.users, _U.id == _C.created_by)
        .where(*where.conditions())
    )


def sums(conn: Connection, where: Where, by: str) -> list[Sum]:
    """Sums by day, campaign, provider or person, the latest or dearest first."""
    return [Sum(**row._mapping) for row in conn.execute(sums_of(where, by))]


def sums_of(where: Where, by: str) -> sa.Select[Any]:
    """What ``sums`` reads."""
    group = _GROUPS[by].label("group")
    cost = _total(_S.cost_micros).label("cost_micros")
    parts = ("calls", "saved_micros", "missed_micros", "uncertain_micros")
    its_campaign = sa.and_(_C.workspace_id == _S.workspace_id, _C.id == _S.campaign_id)
    query = (
        sa.select(group, cost, *(_total(_S[name]).label(name) for name in parts))
        .select_from(tables.call_sums)
        .join(tables.campaigns, its_campaign)
        .outerjoin(tables.users, _U.id == _C.created_by)
        .where(*where.of_sums())
    )
    # Two campaigns may bear the same name.
    query = query.group_by(_C.id, group) if by == "campaign" else query.group_by(group)
    query = query.order_by(group.desc()) if by == "day" else query.order_by(cost.desc(), group)
    return query.limit(_MOST_GROUPS)


def everybody(conn: Connection, by: str, since: date | None, until: date | None) -> list[Sum]:
    """Sums over all workspaces, by workspace as well; empty for anyone but administrators."""
    rows = conn.execute(
        sa.text("""
            select *
            from ledger_sums(:by, cast(:since as date)::timestamptz, cast(:until as date)::timestamptz)
            limit :most
        """),
        {"by": by, "since": since, "until": until, "most": _MOST_GROUPS},
    )
    return [Sum(**row._mapping) for row in rows]


def today_by_provider(conn: Connection) -> dict[str, tuple[int, int]]:
    """Calls and cost of today by provider, over all workspaces; empty for anyone but administrators."""
    rows = conn.execute(sa.text("select * from ledger_sums('provider', date_trunc('day', now()), null)"))
    return {row.group: (int(row.calls), int(row.cost_micros)) for row in rows}


def usable(conn: Connection, where: Where | None, since: date | None, until: date | None) -> tuple[int, int]:
    """What the campaigns ordered between two days cost in micro-dollars, and how many leads with a verified address
    they have; of everybody's without ``where``, which administrators alone see."""
    conditions = [*_during(_C.created_at, since, until)]
    if where:
        conditions.append(_C.workspace_id == where.workspace_id)
        conditions += [_C.id == where.campaign_id] if where.campaign_id is not None else []
        conditions += [_C.created_by == where.user_id] if where.user_id else []
    row = conn.execute(sa.select(*_COST_AND_USABLE).where(*conditions)).one()
    return int(row[0]), int(row[1])


def usable_by_day(conn: Connection, workspace_id: UUID, since: date) -> list[tuple[date, int, int]]:
    """The same of each day (UTC) a workspace ordered campaigns on, oldest first: day, micro-dollars, leads."""
    day = sa.cast(sa.func.timezone("UTC", _C.created_at), sa.Date)
    conditions = (_C.workspace_id == workspace_id, *_during(_C.created_at, since, None))
    query = sa.select(day, *_COST_AND_USABLE).where(*conditions).group_by(day).order_by(day)
    return [(row[0], int(row[1]), int(row[2])) for row in conn.execute(query)]


def hit_rates(conn: Connection) -> dict[str, tuple[int, int]]:
    """How often each provider was asked and found something, over the last 90 days and all tenants."""
    rows = conn.execute(sa.text("select provider, asked, hits from ledger_hit_rates()"))
    return {row.provider: (int(row.asked), int(row.hits)) for row in rows}


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
    return (
        sa.select(at, told.c.provider, _total(told.c.cost_micros).label("cost_micros"))
        .group_by(told.c.provider, told.c.moment)
        .order_by(at)
    )
