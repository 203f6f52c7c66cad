"""The checkpoints of a campaign: businesses discovered and scored, leads enriched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.lead import Business, Lead, Origin, ScorePart
from store.bulk import insert_rows
from store.ids import new_id
from store.leases import Lease

# The columns a business and its lead share, in one place so that the two never drift apart.
SHARED = {
    "name": "text",
    "category": "text",
    "address": "text",
    "city": "text",
    "postcode": "text",
    "country": "text",
    "lat": "double precision",
    "lon": "double precision",
    "phone": "text",
    "website": "text",
    "domain": "text",
    "email": "text",
    "opening_hours": "text",
    "brand": "text",
    "confidence": "integer",
    "origins": "jsonb",
    "provenance": "jsonb",
    "empty_reasons": "jsonb",
    "score_breakdown": "jsonb",
}
_BUSINESS = {
    "workspace_id": "uuid",
    "id": "uuid",
    "campaign_id": "uuid",
    "match_key": "text",
    "rank": "integer",
}
_LEAD = {
    "workspace_id": "uuid",
    "id": "uuid",
    "campaign_id": "uuid",
    "business_id": "uuid",
    "email_status": "text",
    "is_role_address": "boolean",
    "steps": "jsonb",
}


def is_discovered(conn: Connection, lease: Lease) -> bool:
    """Whether an earlier attempt finished the discovery."""
    return bool(
        conn.execute(
            sa.text(
                "select discovered_at is not null from discovery_jobs"
                " where workspace_id = :workspace and id = :job"
            ),
            {"workspace": lease.workspace_id, "job": lease.job_id},
        ).scalar_one()
    )


def save_discovered(conn: Connection, lease: Lease, businesses: Sequence[Business]) -> None:
    """Store every business in its order and mark the discovery finished."""
    rows = [
        {
            **shared_values(business),
            "workspace_id": lease.workspace_id,
            "id": new_id(),
            "campaign_id": lease.campaign_id,
            "match_key": business.key,
            "rank": rank,
        }
        for rank, business in enumerate(businesses)
    ]
    insert_rows(conn, "businesses", {**_BUSINESS, **SHARED}, rows)
    conn.execute(
        sa.text(
            "update discovery_jobs set discovered_at = now() where workspace_id = :workspace and id = :job"
        ),
        {"workspace": lease.workspace_id, "job": lease.job_id},
    )


def discovered(conn: Connection, lease: Lease) -> list[Business]:
    """The stored businesses, best first."""
    rows = conn.execute(
        sa.text(
            "select * from businesses where workspace_id = :workspace and campaign_id = :campaign"
            " order by rank"
        ),
        {"workspace": lease.workspace_id, "campaign": lease.campaign_id},
    )
    return [business_of(row) for row in rows]


def stored_leads(conn: Connection, lease: Lease) -> tuple[frozenset[str], int]:
    """Keys of the businesses that are stored leads, and how many of those have a usable e-mail address."""
    rows = conn.execute(
        sa.text(
            "select b.match_key, l.email_status not in ('none', 'invalid', 'disposable') as usable"
            " from leads l join businesses b on b.workspace_id = l.workspace_id and b.id = l.business_id"
            " where l.workspace_id = :workspace and l.campaign_id = :campaign"
        ),
        {"workspace": lease.workspace_id, "campaign": lease.campaign_id},
    ).all()
    return frozenset(row.match_key for row in rows), sum(row.usable for row in rows)


def save_leads(conn: Connection, lease: Lease, leads: Sequence[Lead]) -> None:
    """Store leads and keep the campaign's count; a business that already is a lead stays as it is."""
    keys = [lead.business.key for lead in leads]
    found = conn.execute(
        sa.text(
            "select match_key, id from businesses where workspace_id = :workspace and campaign_id = :campaign"
            " and match_key = any(:keys)"
        ),
        {"workspace": lease.workspace_id, "campaign": lease.campaign_id, "keys": keys},
    )
    ids = {row.match_key: row.id for row in found}
    rows = [
        {
            **shared_values(lead.business),
            "workspace_id": lease.workspace_id,
            "id": new_id(),
            "campaign_id": lease.campaign_id,
            "business_id": ids[lead.business.key],
            "email_status": lead.email_status.value,
            "is_role_address": lead.is_role_address,
            "steps": [
                {"step": s.step, "outcome": s.outcome.value, "detail": s.detail, "cost_micros": s.cost_micros}
                for s in lead.steps
            ],
        }
        for lead in leads
    ]
    added = insert_rows(conn, "leads", {**_LEAD, **SHARED}, rows)
    conn.execute(
        sa.text(
            "update campaigns set lead_count = lead_count + :added"
            " where workspace_id = :workspace and id = :id"
        ),
        {"added": added, "workspace": lease.workspace_id, "id": lease.campaign_id},
    )


def shared_values(business: Business) -> dict[str, Any]:
    """The values of the ``SHARED`` columns."""
    plain = {column: getattr(business, column, None) for column in SHARED}
    return {
        **plain,
        "origins": [origin_json(origin) for origin in business.origins],
        "provenance": {name: origin_json(origin) for name, origin in business.provenance.items()},
        "empty_reasons": dict(business.empty_reasons),
        "score_breakdown": [
            {"name": p.name, "points": p.points, "weight": p.weight, "evidence": p.evidence}
            for p in business.score_parts
        ],
    }


def business_of(row: Row[Any]) -> Business:
    """A business from a row that holds the ``SHARED`` columns."""
    fields = row._mapping
    plain = {
        name: fields[name] for name in SHARED if name not in ("origins", "provenance", "score_breakdown")
    }
    return Business(
        **plain,
        origins=tuple(origin_of(item) for item in row.origins),
        provenance={name: origin_of(item) for name, item in row.provenance.items()},
        score_parts=tuple(ScorePart(**part) for part in row.score_breakdown),
    )


def origin_json(origin: Origin) -> dict[str, str | None]:
    """An origin as it is stored."""
    day = origin.observed_on.isoformat() if origin.observed_on else None
    return {"source": origin.source, "ref": origin.ref, "observed_on": day, "url": origin.url}


def origin_of(item: Mapping[str, str | None]) -> Origin:
    """An origin as it was stored."""
    day = item["observed_on"]
    return Origin(
        source=item["source"] or "",
        ref=item["ref"] or "",
        observed_on=date.fromisoformat(day) if day else None,
        url=item["url"],
    )
