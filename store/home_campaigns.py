"""The campaigns that Home tells of: those that run, that ended lately, and that are worth running again; those of bulk
orders stand with these.

Each part is a range of an index (migrations/sql/0030_home.sql), so that none grows with the workspace.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import keyset, tables
from store.campaign_rows import NEWEST_FIRST, CampaignRow, listed, row_of, selected

Why = Literal["running", "ended", "short", "old"]
MOST_RUNNING, MOST_ENDED = 5, 6
_MOST_AGAIN = 3
SHORT_DAYS, OLD_DAYS = 90, 60
"""How long ago a campaign may have used up its budget, and one be complete at least, to be worth running again."""
GOOD_USABLE, GOOD_SHARE = 5, 4
"""A good yield: at least so many usable leads, and one of so many leads."""

# A later campaign of the same search shows that somebody thought of it already.
_CHOSEN = sa.text("""
    (
        select 'running' as why, id
        from campaigns
        where workspace_id = :workspace and deleted_at is null and ended_at is null and bulk_id is null
        order by created_at desc, id desc
        limit :running + 1
    )
    union all
    (
        select 'ended', id
        from campaigns
        where workspace_id = :workspace and deleted_at is null and ended_at >= :since and bulk_id is null
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
                    and bulk_id is null
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
                    and bulk_id is null
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
    of = tables.campaigns.c
    query = selected().where(*listed(workspace_id), of.ended_at.is_(None), of.bulk_id.is_(None))
    return [
        row_of(row._asdict())
        for row in conn.execute(keyset.page(query, NEWEST_FIRST, None, MOST_RUNNING + 1))
    ]


def _chosen(workspace_id: UUID) -> sa.Select[Any]:
    chosen = _CHOSEN.subquery("chosen")
    query = selected().add_columns(chosen.c.why).join(chosen, chosen.c.id == tables.campaigns.c.id)
    return query.where(*listed(workspace_id)).order_by(tables.campaigns.c.created_at.desc())


def _row(row: sa.Row[Any]) -> CampaignRow:
    return row_of({name: value for name, value in row._mapping.items() if name != "why"})
