"""Everything a workspace has about one company, read at once: a panel that opens waits for one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.words.mentions import shown
from store.book import BookEntry
from store.book_work import Activity, Sighting
from store.crm import StateRow
from store.lead_rows import lead_of
from store.lead_where import TeamStatus
from store.leads import StoredLead

_READ = sa.text("""
    select l.*, now() as read_at, to_jsonb(c) as company, (
        select coalesce(jsonb_agg(to_jsonb(a) order by a.id desc), '[]')
        from (
            select a.id, a.at, a.user_id, u.email, a.kind, a.detail, a.edited_at, a.deleted_at
            from activities a
            left join users u on u.id = a.user_id
            where a.workspace_id = l.workspace_id
                and a.company_id = l.company_id
            order by a.id desc
            limit 100
        ) as a
    ) as activities, (
        select coalesce(jsonb_agg(to_jsonb(s) order by s.updated_at desc, s.id desc), '[]')
        from (
            select s.campaign_id, s.id, o.title, s.updated_at
            from leads s
            join campaigns o on o.workspace_id = s.workspace_id and o.id = s.campaign_id
            where s.workspace_id = l.workspace_id
                and s.company_id = l.company_id
            order by s.updated_at desc, s.id desc
            limit 100
        ) as s
    ) as sightings, (
        select coalesce(jsonb_agg(jsonb_build_object('field', e.field, 'at', e.at, 'email', u.email)
            order by e.field), '[]')
        from company_edits e
        left join users u on u.id = e.user_id
        where e.workspace_id = l.workspace_id
            and e.company_id = l.company_id
    ) as edits, (
        select coalesce(jsonb_object_agg(m.user_id, u.email), '{}')
        from memberships m
        join users u on u.id = m.user_id
        where m.workspace_id = l.workspace_id
    ) as people, (
        select coalesce(jsonb_agg(tag), '[]')
        from book_tags(l.workspace_id) as tag
    ) as known_tags, exists (
        select from suppressed_companies m
        join suppressions s on s.workspace_id = m.workspace_id and s.value_hash = m.value_hash
        where m.workspace_id = l.workspace_id
            and m.company_id = l.company_id
    ) as is_suppressed, (
        select coalesce(jsonb_agg(to_jsonb(h) order by h.crm), '[]')
        from (
            select c.crm, c.mapping, s.their_id, s.seen, s.pushed_at, s.problem, s.failed_at
            from crm_connections c
            left join crm_states s on s.workspace_id = c.workspace_id
                and s.crm = c.crm
                and s.company_id = l.company_id
            where c.workspace_id = l.workspace_id
        ) as h
    ) as handed_over, exists (
        select from mentions n
        join activities a on a.workspace_id = n.workspace_id and a.id = n.activity_id
        where n.workspace_id = l.workspace_id
            and n.user_id = (select app_user_id())
            and n.read_at is null
            and a.company_id = l.company_id
    ) as is_mentioned
    from leads l
    join companies c on c.workspace_id = l.workspace_id and c.id = l.company_id
    where l.workspace_id = :workspace
        and l.id = (
            select cast(:lead as uuid)
            where cast(:lead as uuid) is not null
            union all
            select n.id
            from leads n
            where n.workspace_id = :workspace
                and n.company_id = :company
                and n.is_current
                and cast(:lead as uuid) is null
        )
        and (cast(:campaign as uuid) is null or l.campaign_id = :campaign)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A field that a person corrected: what sources gave, who typed another value and when.

    ``by`` is the e-mail address of that person, None of nobody left.
    """

    field: str
    found: str | None
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRecord:
    """A company with one of its leads. ``people`` are those of the workspace, ``tags`` all that its book has.
    ``handed_over``: what it is in each connected customer system; ``is_newest``: the lead is the one of the book;
    ``is_mentioned``: notes about it that whoever asks has not read name them."""

    entry: BookEntry
    activities: tuple[Activity, ...]
    sightings: tuple[Sighting, ...]
    edits: tuple[Edit, ...]
    people: Mapping[UUID, str]
    tags: tuple[str, ...]
    read_at: datetime
    is_customer: bool
    exported_at: datetime | None
    handed_over: tuple[StateRow, ...]
    is_newest: bool
    is_mentioned: bool


def newest(conn: Connection, workspace_id: UUID, company_id: UUID) -> CompanyRecord | None:
    """A company with its newest lead."""
    given = {"workspace": workspace_id, "company": company_id, "lead": None, "campaign": None}
    return _record(conn.execute(_READ, given).one_or_none())


def of_lead(conn: Connection, workspace_id: UUID, campaign_id: UUID, lead_id: UUID) -> CompanyRecord | None:
    """The company of a campaign's lead, with that lead."""
    given = {"workspace": workspace_id, "company": None, "lead": lead_id, "campaign": campaign_id}
    return _record(conn.execute(_READ, given).one_or_none())


def _record(row: Row[Any] | None) -> CompanyRecord | None:
    if row is None:
        return None
    company: Mapping[str, Any] = row.company
    people = {UUID(user): email for user, email in sorted(row.people.items(), key=lambda pair: pair[1])}
    day, owner, exported = company["follow_up_on"], company["owner_id"], company["exported_at"]
    return CompanyRecord(
        entry=BookEntry(
            company_id=row.company_id,
            campaign_id=row.campaign_id,
            stored=StoredLead(id=row.id, lead=lead_of(row)),
            status=TeamStatus(company["status"]),
            owner_id=UUID(owner) if owner else None,
            follow_up_on=date.fromisoformat(day) if day else None,
            tags=tuple(company["tags"]),
            first_seen_at=datetime.fromisoformat(company["first_seen_at"]),
            last_seen_at=row.updated_at,
            is_suppressed=row.is_suppressed,
        ),
        activities=tuple(_activity(item, people) for item in row.activities),
        sightings=tuple(_sighting(item) for item in row.sightings),
        edits=tuple(_edit(item, row.found) for item in row.edits),
        people=people,
        tags=tuple(row.known_tags),
        read_at=row.read_at,
        is_customer=company["is_customer"],
        exported_at=datetime.fromisoformat(exported) if exported else None,
        handed_over=tuple(_state(item) for item in row.handed_over),
        is_newest=row.is_current,
        is_mentioned=row.is_mentioned,
    )


def _activity(item: Mapping[str, Any], people: Mapping[UUID, str]) -> Activity:
    detail, edited = item["detail"], item["edited_at"]
    if item["kind"] == "note":
        detail = {**detail, "text": shown(detail["text"], people)}
    return Activity(
        id=item["id"],
        at=datetime.fromisoformat(item["at"]),
        user_id=UUID(item["user_id"]) if item["user_id"] else None,
        user=item["email"],
        kind=item["kind"],
        detail=detail,
        edited_at=datetime.fromisoformat(edited) if edited else None,
        is_deleted=item["deleted_at"] is not None,
    )


def _state(item: Mapping[str, Any]) -> StateRow:
    moments = {
        name: datetime.fromisoformat(item[name]) if item[name] else None
        for name in ("pushed_at", "failed_at")
    }
    return StateRow(**{**item, **moments})


def _sighting(item: Mapping[str, Any]) -> Sighting:
    return Sighting(
        campaign_id=UUID(item["campaign_id"]),
        lead_id=UUID(item["id"]),
        title=item["title"],
        at=datetime.fromisoformat(item["updated_at"]),
    )


def _edit(item: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]) -> Edit:
    before = found.get(item["field"], {}).get("value")
    at = datetime.fromisoformat(item["at"])
    return Edit(field=item["field"], found=before, by=item["email"], at=at)
