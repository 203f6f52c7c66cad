"""How many places of each kind there are, kept by each import so that no page counts a million places."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def renew(conn: Connection) -> None:
    """Count again: places by their category, and those of finer kinds."""
    conn.execute(sa.text("delete from place_category_counts"))
    conn.execute(
        sa.text("""
            insert into place_category_counts (category, places)
            select category, count(*)
            from places
            where gone_at is null
            group by category
            union all
            select k.kind, count(*)
            from place_kinds k
            join places p on p.id = k.place_id
            where p.gone_at is null and k.kind like '%+%'
            group by k.kind
        """)
    )


def all_of(conn: Connection) -> dict[str, int]:
    """Known places of each tag."""
    rows = conn.execute(sa.text("select category, places from place_category_counts"))
    return {row.category: row.places for row in rows}
