"""What people do about companies of the book; the database notes each change and shows it on the newest lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to set for companies; a part that is not ``sets_…`` stays as it is. ``adds`` and ``takes`` are tags."""

    status: str | None = None
    sets_owner: bool = False
    owner_id: UUID | None = None
    sets_follow_up: bool = False
    follow_up_on: date | None = None
    adds: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the team says of a company."""

    company_id: UUID
    status: str
    owner_id: UUID | None
    follow_up_on: date | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that was done about a company; ``user`` is the e-mail address of who did it, None when they are not in
    the workspace any more. Notes alone are edited, and deleted ones say nothing."""

    id: int
    at: datetime
    user_id: UUID | None
    user: str | None
    kind: str
    detail: dict[str, Any]
    edited_at: datetime | None
    is_deleted: bool


def standing(conn: Connection, workspace_id: UUID, companies: Sequence[UUID]) -> list[Standing]:
    """How things are, kept from changing until the transaction ends."""
    rows = conn.execute(
        sa.text("""
            select id, status, owner_id, follow_up_on, tags
            from companies
            where workspace_id = :workspace
                and id = any(:companies)
            order by id
            for no key update
        """),
        {"workspace": workspace_id, "companies": list(companies)},
    )
    return [
        Standing(
            company_id=row.id,
            status=row.status,
            owner_id=row.owner_id,
            follow_up_on=row.follow_up_on,
            tags=tuple(row.tags),
        )
        for row in rows
    ]


def write(conn: Connection, workspace_id: UUID, standings: Sequence[Standing]) -> None:
    """Set what the team says of companies."""
    conn.execute(
        sa.text("""
            update companies c
            set status = given.status,
                owner_id = given.owner_id,
                follow_up_on = given.follow_up_on,
                tags = string_to_array(given.tags, chr(31))
            from unnest(cast(:ids as uuid[]), cast(:statuses as text[]), cast(:owners as uuid[]),
                    cast(:days as date[]), cast(:tags as text[]))
                as given (id, status, owner_id, follow_up_on, tags)
            where c.workspace_id = :workspace
                and c.id = given.id
        """),
        {
            "workspace": workspace_id,
            "ids": [one.company_id for one in standings],
            "statuses": [one.status for one in standings],
            "owners": [one.owner_id for one in standings],
            "days": [one.follow_up_on for one in standings],
            # An array of arrays cannot be ragged; no tag holds this character.
            "tags": ["\x1f".join(one.tags) for one in standings],
        },
    )


def worked_on_only_here(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> int:
    """How many companies that something was done about were found by this campaign alone."""
    return int(
        conn.execute(
            sa.text("""
                select count(*)
                from leads l
                where l.workspace_id = :workspace
                    and l.campaign_id = :campaign
                    and exists (
                        select from activities a
                        where a.workspace_id = l.workspace_id and a.company_id = l.company_id
                    )
                    and not exists (
                        select from leads o
                        where o.workspace_id = l.workspace_id
                            and o.company_id = l.company_id
                            and o.campaign_id <> l.campaign_id
                    )
            """),
            {"workspace": workspace_id, "campaign": campaign_id},
        ).scalar_one()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A campaign that found a company, and when."""

    campaign_id: UUID
    lead_id: UUID
    title: str
    at: datetime
