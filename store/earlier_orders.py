"""What a workspace ordered before: the same search, and what still runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CRITERIA, CampaignSpec
from store.experience import Sighting, sighting_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """A completed campaign of the same search: its leads, best first, how many were ordered, and how often each
    provider was asked."""

    leads: tuple[Sighting, ...]
    wanted: int
    questions: Mapping[str, int]


_OTHERWISE = {
    *("max_results", "budget_usd", "waterfall", "known_companies", "skip_customers", "own_list"),
    *CRITERIA,
}
"""What may differ between two orders for the same search, as campaign_search in the database has it."""


def earlier_run(conn: Connection, workspace_id: UUID, spec: CampaignSpec, days: int) -> EarlierRun | None:
    """The same search, carried out to its end within so many days: look-ups, budget and number may have been
    others. One that left out what the book held tells nothing of the whole."""
    campaign = conn.execute(
        sa.text("""
            select id, cast(spec ->> 'max_results' as int) as wanted
            from campaigns
            where workspace_id = :workspace
                and deleted_at is null
                and status = 'completed'
                and spec - cast(:otherwise as text[]) = cast(:same as jsonb)
                and spec ->> 'own_list' is null
                and coalesce(spec ->> 'known_companies', 'include') <> 'skip'
                and created_at > now() - make_interval(days => :days)
            order by least(lead_count, :wanted) desc, created_at desc, id desc
            limit 1
        """),
        {
            "workspace": workspace_id,
            "same": spec.model_dump_json(exclude=_OTHERWISE),
            "otherwise": sorted(_OTHERWISE),
            "days": days,
            "wanted": spec.max_results,
        },
    ).one_or_none()
    if campaign is None:
        return None
    return EarlierRun(
        leads=tuple(_leads(conn, workspace_id, campaign.id, spec)),
        wanted=campaign.wanted,
        questions=_questions(conn, workspace_id, campaign.id),
    )


def _leads(conn: Connection, workspace_id: UUID, campaign_id: UUID, spec: CampaignSpec) -> Iterator[Sighting]:
    """The leads of a campaign, best first, without those an order leaves out as customers."""
    rows = conn.execute(
        sa.text("""
            select domain, provenance, phone, email, steps, contacts
            from leads
            where workspace_id = :workspace
                and campaign_id = :campaign
                and not (:skips_customers and is_customer)
            order by confidence + coalesce(reach, confidence) desc, id
        """),
        {"workspace": workspace_id, "campaign": campaign_id, "skips_customers": spec.skip_customers},
    )
    return (sighting_of(row) for row in rows)


def _questions(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> dict[str, int]:
    """How often a campaign asked each provider something that costs."""
    rows = conn.execute(
        sa.text("""
            select provider, count(*) as asked
            from provider_calls
            where workspace_id = :workspace
                and campaign_id = :campaign
                and state = 'done'
                and price_micros > 0
            group by provider
        """),
        {"workspace": workspace_id, "campaign": campaign_id},
    )
    return {row.provider: int(row.asked) for row in rows}


def standing(conn: Connection, workspace_id: UUID, spec: CampaignSpec) -> tuple[int, bool]:
    """How many campaigns of the workspace run or wait, and whether one looked for one of these types in this
    place."""
    row = conn.execute(
        sa.text("""
            select count(*) filter (where status in ('pending', 'processing')) as running,
                coalesce(
                    bool_or(lower(spec ->> 'location') = lower(:location) and spec -> 'business_types' ?| :types),
                    false
                ) as was_there
            from (
                select status, spec
                from campaigns
                where workspace_id = :workspace and deleted_at is null
                order by created_at desc, id desc
                limit 200
            ) as newest
        """),
        {"workspace": workspace_id, "location": spec.location, "types": list(spec.business_types)},
    ).one()
    return int(row.running), bool(row.was_there)
