"""Companies to follow up: how many are overdue, due today and in the week after, and the first of them, of one person
and of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

STATEMENT = sa.text("""
    with spans as (
        select *
        from (
            values ('overdue', cast('-infinity' as date), cast(:today as date) - 1),
                ('today', cast(:today as date), cast(:today as date)),
                ('week', cast(:today as date) + 1, cast(:last as date))
        ) as span (name, first, last)
    )
    select (
            select json_object_agg(s.name, json_build_array(
                (
                    select count(*)
                    from (
                        select
                        from leads
                        where workspace_id = :workspace
                            and is_current
                            and owner_id = :me
                            and follow_up_on between s.first and s.last
                        limit :most
                    ) counted
                ),
                (
                    select count(*)
                    from (
                        select
                        from leads
                        where workspace_id = :workspace
                            and is_current
                            and follow_up_on between s.first and s.last
                        limit :most
                    ) counted
                )
            ))
            from spans s
        ) as counts,
        (
            select coalesce(json_agg(d), '[]')
            from (
                select f.is_mine, f.company_id, f.name, f.follow_up_on, f.team_status, u.email
                from (
                    (
                        select true as is_mine, company_id, name, follow_up_on, team_status, owner_id
                        from leads
                        where workspace_id = :workspace
                            and is_current
                            and owner_id = :me
                            and follow_up_on <= :last
                        order by follow_up_on, id
                        limit :due
                    )
                    union all
                    (
                        select false, company_id, name, follow_up_on, team_status, owner_id
                        from leads
                        where workspace_id = :workspace
                            and is_current
                            and follow_up_on <= :last
                        order by follow_up_on, id
                        limit :due
                    )
                ) f
                left join users u on u.id = f.owner_id
                order by f.follow_up_on, f.name, f.company_id
            ) d
        ) as rows
""").columns(counts=sa.JSON(), rows=sa.JSON())


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """A company to follow up, and the address of who it belongs to."""

    company_id: UUID
    name: str
    day: date
    status: str
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Follow-ups of one person, or of everybody; counts are at most one more than ``MOST_COUNTED``."""

    overdue: int
    today: int
    week: int
    rows: tuple[DueRow, ...]


def of(counts: dict[str, list[int]], rows: list[dict[str, Any]], *, is_mine: bool) -> Due:
    """One person's, or everybody's, from what the statement brought."""
    overdue, today, week = (counts[name][0 if is_mine else 1] for name in ("overdue", "today", "week"))
    shown = tuple(_row(row) for row in rows if row["is_mine"] is is_mine)
    return Due(overdue=overdue, today=today, week=week, rows=shown)


def _row(row: dict[str, Any]) -> DueRow:
    return DueRow(
        company_id=UUID(row["company_id"]),
        name=row["name"],
        day=date.fromisoformat(row["follow_up_on"]),
        status=row["team_status"],
        owner=row["email"],
    )
