"""The first checkpoint of a campaign: businesses discovered and rated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.lead import Business, Origin, ScorePart
from store import tables
from store.bulk import insert_rows
from store.ids import new_id
from store.leases import Lease
from store.pieces import Pieces
from store.tables import SHARED

_OWN = ("workspace_id", "id", "campaign_id", "match_key", "rank", "retain_until")
DOCUMENTS = ("details", "origins", "provenance", "empty_reasons")
"""The ``SHARED`` columns of JSON, but for ``FIGURES``."""
FIGURES = ("score_breakdown", "reach_breakdown")
"""How the two figures came about: as much again as the others, and only the page of one lead says it."""
PLAIN = tuple(column for column in SHARED if column not in (*DOCUMENTS, *FIGURES))


def is_discovered(conn: Connection, lease: Lease) -> bool:
    """Whether an earlier attempt finished the discovery."""
    return bool(
        conn.execute(
            sa.text("""
                select discovered_at is not null
                from discovery_jobs
                where workspace_id = :workspace and id = :job
            """),
            {"workspace": lease.workspace_id, "job": lease.job_id},
        ).scalar_one()
    )


def save(
    conn: Connection, lease: Lease, businesses: Sequence[Business], today: date, kept_days: Mapping[str, int]
) -> None:
    """Store businesses behind those already there; one that is stored stays as it is.

    ``kept_days`` is that of ``retained_until``.
    """
    start = conn.execute(
        sa.text(
            "select count(*) from businesses where workspace_id = :workspace and campaign_id = :campaign"
        ),
        _where(lease),
    ).scalar_one()
    rows = [
        {
            **shared_values(business),
            "workspace_id": lease.workspace_id,
            "id": new_id(),
            "campaign_id": lease.campaign_id,
            "match_key": business.key,
            "rank": rank,
            "retain_until": retained_until(business.origins, today, kept_days),
        }
        for rank, business in enumerate(businesses, start=start)
    ]
    insert_rows(conn, tables.businesses, (*_OWN, *SHARED), rows)


def retained_until(origins: Iterable[Origin], today: date, kept_days: Mapping[str, int]) -> date | None:
    """The day after which what comes from there has to go, the first of several; None when all may stay. What an
    earlier campaign found counts from then.

    ``kept_days`` says of sources whose values are to go, how many days after they were observed, or ``today``.
    """
    return min(
        (
            min(origin.observed_on or today, today) + timedelta(days=kept_days[origin.source])
            for origin in origins
            if origin.source in kept_days
        ),
        default=None,
    )


def finish_discovery(conn: Connection, lease: Lease) -> None:
    """Mark the discovery as finished."""
    conn.execute(
        sa.text("""
            update discovery_jobs
            set discovered_at = coalesce(discovered_at, now())
            where workspace_id = :workspace and id = :job
        """),
        {"workspace": lease.workspace_id, "job": lease.job_id},
    )


def discovered(conn: Connection, lease: Lease) -> list[Business]:
    """The stored businesses, in the order they were chosen in."""
    rows = conn.execute(
        sa.text("""
            select *
            from businesses
            where workspace_id = :workspace and campaign_id = :campaign
            order by rank, id
        """),
        _where(lease),
    )
    return [business_of(row) for row in rows]


def of_campaigns(
    conn: Connection, workspace_id: UUID, campaigns: Iterable[UUID]
) -> dict[tuple[UUID, str], Business]:
    """The businesses of these campaigns, by campaign and ``key``."""
    found = tables.businesses
    chosen = found.c.workspace_id == workspace_id, found.c.campaign_id.in_(set(campaigns))
    query = sa.select(found.c.campaign_id, found.c.match_key, *(found.c[name] for name in SHARED))
    rows = conn.execute(query.where(*chosen))
    return {(row.campaign_id, row.match_key): business_of(row) for row in rows}


def _where(lease: Lease) -> dict[str, UUID]:
    return {"workspace": lease.workspace_id, "campaign": lease.campaign_id}


def shared_values(business: Business) -> dict[str, Any]:
    """The values of the ``SHARED`` columns."""
    plain = {column: getattr(business, column, None) for column in SHARED}
    return {
        **plain,
        "details": dict(business.details),
        "origins": [origin_json(origin) for origin in business.origins],
        "provenance": {name: origin_json(origin) for name, origin in business.provenance.items()},
        "empty_reasons": dict(business.empty_reasons),
        "score_breakdown": _parts_json(business.score_parts),
        "reach_breakdown": _parts_json(business.reach_parts),
    }


def business_of(row: Row[Any]) -> Business:
    """A business from a row that holds the ``SHARED`` columns."""
    values = row._mapping
    plain, documents, figures = ([values[name] for name in names] for names in (PLAIN, DOCUMENTS, FIGURES))
    return business_from(plain, documents, figures, Pieces())


def business_from(
    plain: Iterable[Any], documents: Iterable[Any], figures: Iterable[Any], pieces: Pieces
) -> Business:
    """A business from the values of ``PLAIN``, ``DOCUMENTS`` and ``FIGURES``, each in their order."""
    details, origins, provenance, empty_reasons = documents
    score, reach = figures
    return Business(
        **dict(zip(PLAIN, plain, strict=True)),
        details=details,
        origins=pieces.origins(origins),
        provenance=dict(zip(provenance, pieces.origins(provenance.values()), strict=True)),
        empty_reasons=empty_reasons,
        score_parts=pieces.score_parts(score),
        reach_parts=pieces.score_parts(reach),
    )


def _parts_json(parts: Sequence[ScorePart]) -> list[dict[str, Any]]:
    return [
        {"name": part.name, "points": part.points, "weight": part.weight, "evidence": part.evidence}
        for part in parts
    ]


def origin_json(origin: Origin) -> dict[str, str | None]:
    """An origin as it is stored."""
    day = origin.observed_on.isoformat() if origin.observed_on else None
    said = {"source": origin.source, "ref": origin.ref, "observed_on": day, "url": origin.url}
    if origin.licence:
        said |= {"licence": origin.licence, "attribution": origin.attribution}
    return said
