"""What was handed over to customer systems, as people look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Subject
from store.crm import ItemRow, RunRow
from store.subjects import arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A company in a customer system, and when it was written last; None: it is there, and its contact failed."""

    crm: str
    their_id: str
    pushed_at: datetime | None


def runs(conn: Connection, workspace_id: UUID, most: int) -> list[RunRow]:
    """The last runs, the newest first."""
    rows = conn.execute(
        sa.text("""
            select r.id, r.crm, u.email as created_by, r.created_at, r.state, r.pushes, r.due_at, r.tries, r.problem,
                count(i.company_id) as companies,
                count(*) filter (where i.state = 'waits') as waits,
                count(*) filter (where i.action = 'create') as creates,
                count(*) filter (where i.action = 'update') as updates,
                count(*) filter (where i.action = 'same') as same,
                count(*) filter (where i.state = 'skipped') as skipped,
                count(*) filter (where i.state = 'failed') as failed
            from (
                select *
                from crm_runs
                where workspace_id = :workspace
                order by created_at desc, id desc
                limit :most
            ) as r
            left join users u on u.id = r.created_by
            left join crm_items i on i.workspace_id = r.workspace_id and i.run_id = r.id
            group by r.id, r.crm, u.email, r.created_at, r.state, r.pushes, r.due_at, r.tries, r.problem
            order by r.created_at desc, r.id desc
        """),
        {"workspace": workspace_id, "most": most},
    )
    return [RunRow(**row._mapping) for row in rows]


def items(conn: Connection, workspace_id: UUID, run: UUID, most: int) -> list[ItemRow]:
    """The companies of a run: what failed first, then what is written, then what is not."""
    rows = conn.execute(
        sa.text("""
            select i.company_id, l.name, i.state, i.action, i.fields, i.why, i.their_id
            from crm_items i
            left join leads l on l.workspace_id = i.workspace_id and l.company_id = i.company_id and l.is_current
            where i.workspace_id = :workspace and i.run_id = :run
            order by array_position(array['failed', 'planned', 'done', 'waits', 'skipped'], i.state),
                array_position(array['create', 'update', 'same'], i.action), l.name, i.company_id
            limit :most
        """),
        {"workspace": workspace_id, "run": run, "most": most},
    )
    return [ItemRow(**row._mapping) for row in rows]


def of_subject(conn: Connection, workspace_id: UUID, subject: Subject) -> list[Handed]:
    """Where companies that are somebody, or name them, were handed to."""
    rows = conn.execute(
        sa.text("""
            select distinct h.crm, h.their_id, h.pushed_at
            from subject_businesses(:workspace, cast(:subject as jsonb)) s
            join leads l on l.workspace_id = s.workspace_id and l.business_id = s.business_id
            join crm_states h on h.workspace_id = l.workspace_id and h.company_id = l.company_id
            where h.their_id is not null
            order by h.crm, h.their_id
        """),
        arguments(workspace_id, subject),
    )
    return [Handed(**row._mapping) for row in rows]
