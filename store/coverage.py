"""Which rectangles a campaign searched, read from what it asked: sources that cut an area into parts name them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.geo.box import Box

_RECTANGLES = sa.text("""
    with questions as (
        select
            arguments -> 'rectangle' as rectangle,
            max((arguments ->> 'page')::integer) as last_page,
            bool_or(coalesce(found, false)) as found,
            sum(case
                when jsonb_typeof(response #> '{body,places}') = 'array'
                then jsonb_array_length(response #> '{body,places}')
                else 0
            end) as listed,
            bool_or(state <> 'done') as has_failed
        from provider_calls
        where workspace_id = :workspace
            and campaign_id = :campaign
            and arguments ? 'rectangle'
            and state in ('done', 'failed_free', 'unknown')
        group by rectangle, arguments ->> 'text'
    )
    select
        (rectangle #>> '{low,longitude}')::double precision as west,
        (rectangle #>> '{low,latitude}')::double precision as south,
        (rectangle #>> '{high,longitude}')::double precision as east,
        (rectangle #>> '{high,latitude}')::double precision as north,
        max(last_page) as last_page,
        bool_or(found) as found,
        max(listed) as listed,
        bool_or(has_failed) as has_failed
    from questions
    group by rectangle
    order by ((rectangle #>> '{high,latitude}')::double precision
        - (rectangle #>> '{low,latitude}')::double precision) desc, west, south
""")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """One rectangle: ``last_page`` counts from 0, ``listed`` is what the fullest question had in all its pages, as far
    as the answers are still kept; ``has_failed``: a page of it was not answered."""

    box: Box
    last_page: int
    found: bool
    listed: int
    has_failed: bool


def rectangles(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> list[Rectangle]:
    """The rectangles of a campaign, the largest first, so that parts come after what they are parts of."""
    rows = conn.execute(
        _RECTANGLES,
        {"workspace": workspace_id, "campaign": campaign_id},
    )
    return [
        Rectangle(
            Box(row.west, row.south, row.east, row.north),
            row.last_page,
            row.found,
            int(row.listed),
            row.has_failed,
        )
        for row in rows
    ]
