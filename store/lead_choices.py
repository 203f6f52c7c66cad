"""What lists of leads can be filtered by, each list in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

# From one category to the next in the index, so that a large book costs no more than a small one.
_OF_BOOK = sa.text("""
    with recursive kinds as (
        (
            select min(category) as category
            from leads
            where workspace_id = :workspace
                and is_current
        )
        union all
        select (
            select min(l.category)
            from leads l
            where l.workspace_id = :workspace
                and l.is_current
                and l.category > k.category
        )
        from kinds k
        where k.category is not null
    )
    select 'category' as what, k.category as value, null as label, (
        select count(*)
        from (
            select 1
            from leads l
            where l.workspace_id = :workspace
                and l.is_current
                and l.category = k.category
            limit 1000
        ) counted
    ) as leads
    from kinds k
    where k.category is not null
    union all
    select 'tag', tag, null, 0
    from book_tags(:workspace) as tag
    union all
    (
        select 'campaign', c.id::text, c.title, c.lead_count
        from campaigns c
        where c.workspace_id = :workspace
            and c.deleted_at is null
            and c.lead_count > 0
            and c.bulk_id is null
        order by c.created_at desc
        limit 200
    )
    union all
    (
        select 'campaign', b.id::text, 'Bulk order: ' || b.title, 1
        from bulk_orders b
        where b.workspace_id = :workspace and b.deleted_at is null
        order by b.created_at desc
        limit 50
    )
    union all
    (
        select 'person', m.user_id::text, u.email, 0
        from memberships m
        join users u on u.id = m.user_id
        where m.workspace_id = :workspace
    )
""")
_OF_CAMPAIGN = sa.text("""
    select 'category' as what, l.category as value, null as label, count(*) as leads
    from leads l
    where l.workspace_id = :workspace
        and l.campaign_id = :campaign
    group by l.category
    union all
    select 'tag', tag, null, count(*)
    from leads l
    join companies c on c.workspace_id = l.workspace_id and c.id = l.company_id,
        unnest(c.tags) as tag
    where l.workspace_id = :workspace
        and l.campaign_id = :campaign
    group by tag
    union all
    select 'campaign', c.id::text, c.title, c.lead_count
    from campaigns c
    where c.workspace_id = :workspace
        and c.id = :campaign
        and c.deleted_at is null
    union all
    select 'person', m.user_id::text, u.email, 0
    from memberships m
    join users u on u.id = m.user_id
    where m.workspace_id = :workspace
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value to choose: ``what`` it is of (category, tag, campaign or person), what it is called when it is an id, and
    of how many leads it is. Of a category of the book at most 1,000 are counted, of its tags none."""

    what: str
    value: str
    label: str | None
    leads: int


def of_book(conn: Connection, workspace_id: UUID) -> list[Choice]:
    """Of all leads: the most frequent category first, the newest campaign, of at most 200, then bulk orders, tags and
    people by name."""
    rows = conn.execute(
        _OF_BOOK,
        {"workspace": workspace_id},
    )
    return _ordered([Choice(**row._mapping) for row in rows])


def of_campaign(conn: Connection, campaign: tuple[UUID, UUID]) -> list[Choice]:
    """Of the leads of a campaign; the campaign itself is among the choices unless there is none."""
    rows = conn.execute(
        _OF_CAMPAIGN,
        {"workspace": campaign[0], "campaign": campaign[1]},
    )
    return _ordered([Choice(**row._mapping) for row in rows])


def _ordered(choices: list[Choice]) -> list[Choice]:
    campaigns = [choice for choice in choices if choice.what == "campaign"]
    kinds = sorted(
        (choice for choice in choices if choice.what == "category"),
        key=lambda choice: (-choice.leads, choice.value),
    )
    others = sorted(
        (choice for choice in choices if choice.what in ("tag", "person")),
        key=lambda choice: choice.label or choice.value,
    )
    return [*kinds, *campaigns, *others]
