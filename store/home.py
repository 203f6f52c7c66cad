"""What a workspace looks like to somebody who arrives: counts that stop early.

Each part is a range of an index (migrations/sql/0030_home.sql), so that none grows with the workspace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Connection

from store import due
from store.book import MOST_COUNTED
from store.due import Due
from store.lead_kinds import WEEK

MOST_DUE, MOST_NEW = 5, 5

_ARRIVED = sa.text("""
    with visit as materialized (
        select app_visit(:workspace) as before_at
    ),
    seen as materialized (
        select before_at is null as is_first,
            coalesce(before_at, date_trunc('minute', now()) - interval '7 days') as since
        from visit
    )
    select s.is_first, s.since, cast(now() as date) as today_utc,
        exists (select from campaigns where workspace_id = :workspace and deleted_at is null) as has_campaigns,
        (
            select count(*)
            from (
                select
                from leads
                where workspace_id = :workspace
                    and is_current
                    and team_status = 'new'
                    and first_seen_at >= s.since
                limit :most
            ) counted
        ) as new,
        (
            select count(*)
            from (
                select
                from leads
                where workspace_id = :workspace and is_current and team_status = 'new'
                limit :most
            ) counted
        ) as untouched,
        (
            select cast(coalesce(sum(cost_micros), 0) as bigint)
            from (
                select day, cost_micros
                from spend_sums
                where workspace_id = :workspace
                union all
                select day, cost_micros
                from running_sums
                where workspace_id = :workspace
            ) spent
            -- As a day: that one is a moment, which keeps row-level security from the index.
            where day >= cast(date_trunc('month', now()) as date)
        ) as spent_micros,
        (
            select coalesce(json_agg(n), '[]')
            from (
                select company_id, name, city, category
                from leads
                where workspace_id = :workspace
                    and is_current
                    and team_status = 'new'
                    and first_seen_at >= s.since
                order by first_seen_at desc, id desc
                limit :new
            ) n
        ) as newest
    from seen s
""").columns(
    is_first=sa.Boolean(),
    since=TIMESTAMP(timezone=True),
    today_utc=sa.Date(),
    has_campaigns=sa.Boolean(),
    new=sa.BigInteger(),
    untouched=sa.BigInteger(),
    spent_micros=sa.BigInteger(),
    newest=sa.JSON(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A company that was found and nobody has worked on."""

    company_id: UUID
    name: str
    city: str | None
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Counts are at most one more than ``MOST_COUNTED``; ``since`` is when the visit before ended, or a week ago when
    this one ``is_first``; ``today`` is the day in UTC."""

    is_first: bool
    since: datetime
    today: date
    has_campaigns: bool
    new: int
    untouched: int
    spent_micros: int
    newest: tuple[Found, ...]
    mine: Due
    everybodys: Due


def arrive(conn: Connection, workspace_id: UUID, user_id: UUID, today: date) -> Arrival:
    """Note that somebody is here and say what there is for them; ``today`` is their day."""
    row = conn.execute(
        _arrival(),
        {
            **{"workspace": workspace_id, "me": user_id, "today": today, "last": today + WEEK},
            **{"most": MOST_COUNTED + 1, "new": MOST_NEW, "due": MOST_DUE},
        },
    ).one()
    return Arrival(
        is_first=row.is_first,
        since=row.since,
        today=row.today_utc,
        has_campaigns=row.has_campaigns,
        new=row.new,
        untouched=row.untouched,
        spent_micros=row.spent_micros,
        newest=tuple(Found(**{**each, "company_id": UUID(each["company_id"])}) for each in row.newest),
        mine=due.of(row.counts, row.rows, is_mine=True),
        everybodys=due.of(row.counts, row.rows, is_mine=False),
    )


@lru_cache(maxsize=1)
def _arrival() -> sa.Select[Any]:
    arrived, followed = _ARRIVED.subquery("arrived"), due.STATEMENT.subquery("followed")
    return sa.select(*arrived.c, *followed.c).select_from(arrived.join(followed, sa.true()))
