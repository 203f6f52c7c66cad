"""What a team did, newest first: about companies, campaigns, files and customer systems. What one act did to many
companies is one row; a page takes as many steps through indexes as it has moments, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

MOST_COUNTED = 1000

_OF_COMPANIES = sa.text("""
    with recursive asked as (
        select cast(:kinds as text[]) as kinds,
            cast(:user as uuid) as user_id,
            coalesce(cast(:since as timestamptz), '-infinity') as since
    ),
    moments (step, at) as (
        select 0, coalesce(cast(:before as timestamptz), 'infinity')
        union all
        select m.step + 1, (
            select max(newest.at)
            from asked
            cross join unnest(asked.kinds) as k (kind)
            cross join lateral (
                select a.at
                from activities a
                where a.workspace_id = :workspace
                    and a.kind = k.kind
                    and (cast(:user as uuid) is null or a.user_id = cast(:user as uuid))
                    and a.at < m.at
                    and a.at >= asked.since
                order by a.at desc
                limit 1
            ) as newest
        )
        from moments m
        where m.at is not null
            and m.step < :moments
    )
    select m.at, g.kind, g.user_id, u.email as user, g.number, s.company_id as about, l.name, s.detail,
        s.deleted_at is not null as is_deleted
    from moments m
    cross join lateral (
        select c.kind, c.user_id, count(distinct c.company_id) as number, max(c.id) as id
        from (
            select a.kind, a.user_id, a.company_id, a.id
            from asked
            cross join unnest(asked.kinds) as k (kind)
            join activities a on a.kind = k.kind
            where a.workspace_id = :workspace
                and a.at = m.at
                and (cast(:user as uuid) is null or a.user_id = cast(:user as uuid))
            limit :most
        ) as c
        group by c.kind, c.user_id
    ) as g
    join activities s on s.workspace_id = :workspace and s.id = g.id
    join leads l on l.workspace_id = s.workspace_id and l.company_id = s.company_id and l.is_current
    left join users u on u.id = g.user_id
    where m.step > 0
    order by m.at desc, g.kind, g.user_id
""")
_OF_OTHERS = sa.text("""
    with asked as (
        select cast(:kinds as text[]) as kinds,
            coalesce(cast(:since as timestamptz), '-infinity') as since,
            coalesce(cast(:before as timestamptz), 'infinity') as before
    )
    select f.at, f.kind, f.user_id, u.email as user, f.number, f.about, f.name, f.detail
    from (
        (
            select c.created_at as at, 'ordered' as kind, c.created_by as user_id, 1 as number,
                c.id as about, c.title as name, cast('{}' as jsonb) as detail
            from campaigns c, asked
            where c.workspace_id = :workspace
                and 'ordered' = any(asked.kinds)
                and c.deleted_at is null
                and c.bulk_id is null
                and (cast(:user as uuid) is null or c.created_by = cast(:user as uuid))
                and c.created_at < asked.before
                and c.created_at >= asked.since
            order by c.created_at desc
            fetch first :moments rows with ties
        )
        union all
        (
            select c.ended_at, 'ended', null, c.lead_count, c.id, c.title, jsonb_build_object('status', c.status)
            from campaigns c, asked
            where c.workspace_id = :workspace
                and 'ended' = any(asked.kinds)
                and c.deleted_at is null
                and c.bulk_id is null
                and (cast(:user as uuid) is null or c.created_by = cast(:user as uuid))
                and c.ended_at < asked.before
                and c.ended_at >= asked.since
            order by c.ended_at desc
            fetch first :moments rows with ties
        )
        union all
        (
            select b.created_at, 'bulk', b.created_by, 1, b.id, b.title, '{}'
            from bulk_orders b, asked
            where b.workspace_id = :workspace
                and 'bulk' = any(asked.kinds)
                and b.deleted_at is null
                and (cast(:user as uuid) is null or b.created_by = cast(:user as uuid))
                and b.created_at < asked.before
                and b.created_at >= asked.since
            order by b.created_at desc
            fetch first :moments rows with ties
        )
        union all
        (
            select e.created_at, 'export', e.user_id, e.row_count, c.id, c.title,
                jsonb_build_object('format', e.format)
            from asked
            cross join exports e
            left join campaigns c on c.workspace_id = e.workspace_id
                and c.id = e.campaign_id
                and c.deleted_at is null
            where e.workspace_id = :workspace
                and 'export' = any(asked.kinds)
                and (cast(:user as uuid) is null or e.user_id = cast(:user as uuid))
                and e.created_at < asked.before
                and e.created_at >= asked.since
            order by e.created_at desc
            fetch first :moments rows with ties
        )
        union all
        (
            select r.created_at, 'push', r.created_by, 1, null, null, jsonb_build_object('crm', r.crm)
            from crm_runs r, asked
            where r.workspace_id = :workspace
                and r.pushes
                and 'push' = any(asked.kinds)
                and (cast(:user as uuid) is null or r.created_by = cast(:user as uuid))
                and r.created_at < asked.before
                and r.created_at >= asked.since
            order by r.created_at desc
            fetch first :moments rows with ties
        )
    ) as f
    left join users u on u.id = f.user_id
    order by f.at desc
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWhere:
    """Which part: of these kinds, by ``user_id`` or anybody, at ``since`` or later and before ``before``."""

    kinds: Sequence[str]
    user_id: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None

    def arguments(self, workspace_id: UUID, moments: int) -> dict[str, object]:
        """As the statements take it."""
        return {
            "workspace": workspace_id,
            "kinds": list(self.kinds),
            "user": self.user_id,
            "since": self.since,
            "before": self.before,
            "moments": moments,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One act. ``user`` is the address of who did it, None when they are not in the workspace any more; without a
    ``user_id`` nobody did. ``number``: how many companies or rows, at most one more than ``MOST_COUNTED`` of companies.

    ``about`` is the company, of several the last one, the campaign or the bulk order, and ``name`` what it is called.
    """

    at: datetime
    kind: str
    user_id: UUID | None
    user: str | None
    number: int
    about: UUID | None
    name: str | None
    detail: dict[str, Any]
    is_deleted: bool = False


def of_companies(conn: Connection, workspace_id: UUID, where: FeedWhere, moments: int) -> list[FeedRow]:
    """What was done about companies at the newest ``moments``, each whole."""
    rows = conn.execute(
        _OF_COMPANIES,
        {**where.arguments(workspace_id, moments), "most": MOST_COUNTED + 1},
    )
    return [FeedRow(**row._mapping) for row in rows]


def of_others(conn: Connection, workspace_id: UUID, where: FeedWhere, moments: int) -> list[FeedRow]:
    """Campaigns, bulk orders, files and hand-offs of the newest ``moments`` of each kind at least."""
    rows = conn.execute(
        _OF_OTHERS,
        where.arguments(workspace_id, moments),
    )
    return [FeedRow(**row._mapping) for row in rows]
