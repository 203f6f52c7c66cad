"""What the catalogue holds of each import, by source and country: kept, so that no page counts millions of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The places of an import in one country (ISO 3166 alpha-2; empty where none is known).

    ``hidden`` places closed or are gone. ``oldest`` and ``newest`` are the days the shown ones were observed, None
    where nobody says. The last finished import of the name was at ``imported_at`` and brought ``added`` places, found
    ``changed`` and ``closed`` ones, and lacked ``gone`` ones.
    """

    name: str
    source: str
    country: str
    places: int
    hidden: int
    oldest: date | None
    newest: date | None
    imported_at: datetime | None
    added: int
    changed: int
    closed: int
    gone: int


def renew(conn: Connection) -> None:
    """Count again what there is of each import."""
    conn.execute(sa.text("delete from place_holdings"))
    conn.execute(
        sa.text("""
            insert into place_holdings (name, source, country, places, hidden, oldest, newest)
            select i.name, p.source, coalesce(p.country, i.country, ''), count(*) filter (where p.gone_at is null),
                count(*) filter (where p.gone_at is not null),
                min(p.observed_on) filter (where p.gone_at is null),
                max(p.observed_on) filter (where p.gone_at is null)
            from places p
            join place_imports i on i.id = p.import_id
            group by 1, 2, 3
        """)
    )


def listing(conn: Connection) -> tuple[Holding, ...]:
    """All of them, by name and country."""
    rows = conn.execute(
        sa.text("""
            select h.name, h.source, h.country, h.places, h.hidden, h.oldest, h.newest, i.finished_at as imported_at,
                coalesce(i.added, 0) as added, coalesce(i.changed, 0) as changed, coalesce(i.closed, 0) as closed,
                coalesce(i.hidden, 0) as gone
            from place_holdings h
            left join lateral (
                select finished_at, added, changed, closed, hidden
                from place_imports
                where name = h.name and state = 'done'
                order by finished_at desc
                limit 1
            ) i on true
            order by h.name, h.places desc, h.country
        """)
    )
    return tuple(Holding(**row._mapping) for row in rows)
