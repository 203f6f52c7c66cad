"""Leads as people read them: filtered, sorted and paged in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.lead import Business, EmailStatus, Lead
from store.lead_rows import lead_of


class LeadSort(StrEnum):
    """The orders a list of leads can have."""

    CONFIDENCE = "confidence"
    NAME = "name"
    CATEGORY = "category"
    CITY = "city"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWhere:
    """Which leads: every part that is set must hold; ``text`` is looked for literally."""

    text: str | None = None
    category: str | None = None
    min_confidence: int = 0
    has_phone: bool | None = None
    has_website: bool | None = None
    has_email: bool | None = None
    status: EmailStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLead:
    """A lead with its id."""

    id: UUID
    lead: Lead

    @property
    def business(self) -> Business:
        return self.lead.business


_KEYS = {
    LeadSort.CONFIDENCE: "(2000 - confidence)::text",
    LeadSort.NAME: "lower(name)",
    LeadSort.CATEGORY: "category",
    LeadSort.CITY: "lower(coalesce(city, chr(1114109)))",
}


def _conditions(where: LeadWhere) -> tuple[str, dict[str, Any]]:
    parts = {
        "category = :category": where.category,
        "confidence >= :min_confidence": where.min_confidence,
        "email_status = :status": where.status,
        (
            "position(lower(:text) in lower(concat_ws(' ', name, address, phone, website, email))) > 0"
        ): where.text,
    }
    sql = [condition for condition, value in parts.items() if value]
    present = {"phone": where.has_phone, "website": where.has_website, "email": where.has_email}
    sql += [f"{name} is {'not ' if has else ''}null" for name, has in present.items() if has is not None]
    values = {
        "category": where.category,
        "min_confidence": where.min_confidence,
        "status": where.status,
        "text": where.text,
    }
    return "".join(f" and {part}" for part in sql), values


def page(
    conn: Connection,
    campaign: tuple[UUID, UUID],
    where: LeadWhere,
    sort: LeadSort,
    after: tuple[str, UUID] | None,
    limit: int | None,
) -> list[tuple[str, StoredLead]]:
    """Leads of ``campaign`` (workspace and id) with each one's sort key, from just after ``after``.

    ``limit`` None means all of them: a campaign holds at most a thousand.
    """
    sql, values = _conditions(where)
    key = _KEYS[sort]
    from_here = f" and ({key}, id) > (:after_key, :after_id)" if after else ""
    after_key, after_id = after or (None, None)
    rows = conn.execute(
        sa.text(
            f"select {key} as sort_key, leads.* from leads where workspace_id = :workspace"
            f" and campaign_id = :campaign{sql}{from_here} order by {key}, id limit :limit"
        ),
        {
            **values,
            "workspace": campaign[0],
            "campaign": campaign[1],
            "after_key": after_key,
            "after_id": after_id,
            "limit": limit,
        },
    )
    return [(row.sort_key, _lead(row)) for row in rows]


def count(conn: Connection, campaign: tuple[UUID, UUID], where: LeadWhere) -> int:
    """How many leads match."""
    sql, values = _conditions(where)
    return int(
        conn.execute(
            sa.text(
                f"select count(*) from leads where workspace_id = :workspace and campaign_id = :campaign{sql}"
            ),
            {**values, "workspace": campaign[0], "campaign": campaign[1]},
        ).scalar_one()
    )


def get(conn: Connection, campaign: tuple[UUID, UUID], lead_id: UUID) -> StoredLead | None:
    """One lead of the campaign."""
    row = conn.execute(
        sa.text(
            "select * from leads where workspace_id = :workspace and campaign_id = :campaign and id = :id"
        ),
        {"workspace": campaign[0], "campaign": campaign[1], "id": lead_id},
    ).one_or_none()
    return None if row is None else _lead(row)


def categories(conn: Connection, campaign: tuple[UUID, UUID]) -> list[tuple[str, int]]:
    """The categories of the campaign's leads with their counts, most frequent first."""
    rows = conn.execute(
        sa.text(
            "select category, count(*) as leads from leads where workspace_id = :workspace"
            " and campaign_id = :campaign group by category order by leads desc, category"
        ),
        {"workspace": campaign[0], "campaign": campaign[1]},
    )
    return [(row.category, row.leads) for row in rows]


def _lead(row: Row[Any]) -> StoredLead:
    return StoredLead(id=row.id, lead=lead_of(row))
