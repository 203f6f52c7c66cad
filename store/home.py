"""What a workspace looks like to somebody who arrives: counts that stop early, and the campaigns they should know of.

Each part is a range of an index (migrations/sql/0030_home.sql), so that none grows with the workspace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Connection

from store import due, keyset, tables
from store.book import MOST_COUNTED
from store.campaign_rows import NEWEST_FIRST, CampaignRow, listed, row_of, selected
from store.due import Due
from store.lead_kinds import WEEK

Why = Literal["running", "ended", "short", "old"]
MOST_RUNNING, MOST_ENDED, MOST_DUE, MOST_NEW = 5, 6, 5, 5
_MOST_AGAIN = 3
SHORT_DAYS, OLD_DAYS = 90, 60
"""How long ago a campaign may have used up its budget, and one be complete at least, to be worth running again."""
GOOD_USABLE, GOOD_SHARE = 5, 4
"""A good yield: at least so many usable leads, and one of so many leads."""

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
# A later campaign of the same search shows that somebody thought of it already.
_CHOSEN = sa.text("""
    (
        select 'running' as why, id
        from campaigns
        where workspace_id = :workspace and deleted_at is null and ended_at is null
        order by created_at desc, id desc
        limit :running + 1
    )
    union all
    (
        select 'ended', id
        from campaigns
        where workspace_id = :workspace and deleted_at is null and ended_at >= :since
        order by ended_at desc, id desc
        limit :ended + 1
    )
    union all
    (
        select a.why, a.id
        from (
            (
                select 'short' as why, id, search_key, created_at, ended_at, emails_verified
                from campaigns
                where workspace_id = :workspace
                    and deleted_at is null
                    and status = 'partial'
                    and outcome_cause = 'out_of_budget'
                    and spec ->> 'own_list' is null
                    and ended_at > now() - make_interval(days => :short_days)
                order by ended_at desc
                limit 50
            )
            union all
            (
                select 'old', id, search_key, created_at, ended_at, emails_verified
                from campaigns
                where workspace_id = :workspace
                    and deleted_at is null
                    and status = 'completed'
                    and spec ->> 'own_list' is null
                    and emails_verified > 0
                    and emails_verified >= :usable
                    and emails_verified * :share >= lead_count
                    and ended_at < now() - make_interval(days => :old_days)
                order by emails_verified desc
                limit 50
            )
        ) a
        where not exists (
            select
            from campaigns n
            where n.workspace_id = :workspace
                and n.deleted_at is null
                and n.search_key = a.search_key
                and n.created_at > a.created_at
        )
        order by a.why desc, case a.why when 'short' then extract(epoch from a.ended_at) else a.emails_verified end desc
        limit :again
    )
""").columns(why=sa.Text(), id=sa.Uuid())


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


def campaigns(conn: Connection, workspace_id: UUID, since: datetime) -> list[tuple[Why, CampaignRow]]:
    """The campaigns that run, those that ended since then, and those that are worth running again, with why; one may be
    there twice, and of the first two one more than is shown."""
    query = _chosen(workspace_id)
    rows = conn.execute(
        query,
        {
            **{"workspace": workspace_id, "since": since, "running": MOST_RUNNING, "ended": MOST_ENDED},
            **{"short_days": SHORT_DAYS, "old_days": OLD_DAYS, "usable": GOOD_USABLE, "share": GOOD_SHARE},
            "again": _MOST_AGAIN,
        },
    )
    return [(row.why, _row(row)) for row in rows]


def running(conn: Connection, workspace_id: UUID) -> list[CampaignRow]:
    """The campaigns that run or wait, newest first, one more than is shown."""
    query = selected().where(*listed(workspace_id, None, None), tables.campaigns.c.ended_at.is_(None))
    return [
        row_of(row._asdict())
        for row in conn.execute(keyset.page(query, NEWEST_FIRST, None, MOST_RUNNING + 1))
    ]


def _chosen(workspace_id: UUID) -> sa.Select[Any]:
    chosen = _CHOSEN.subquery("chosen")
    query = selected().add_columns(chosen.c.why).join(chosen, chosen.c.id == tables.campaigns.c.id)
    return query.where(*listed(workspace_id, None, None)).order_by(tables.campaigns.c.created_at.desc())


def _row(row: sa.Row[Any]) -> CampaignRow:
    return row_of({name: value for name, value in row._mapping.items() if name != "why"})
