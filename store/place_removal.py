"""Taking what an import brought out of the catalogue, batch by batch."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import category_counts, localities, place_holdings, place_imports
from store.place_lacks import Box


def number(conn: Connection, name: str) -> tuple[int, Box | None]:
    """How many places imports of the name hold, hidden ones too, and what they cover: south, west, north, east."""
    row = conn.execute(
        sa.text("""
            select count(*) as number, min(p.lat) as south, min(p.lon) as west, max(p.lat) as north, max(p.lon) as east
            from places p
            join place_imports i on i.id = p.import_id
            where i.name = :name
        """),
        {"name": name},
    ).one()
    return int(row.number), (row.south, row.west, row.north, row.east) if row.number else None


def remove_some(conn: Connection, name: str, most: int) -> int:
    """Remove up to ``most`` places of imports of the name; returns how many went."""
    gone = conn.execute(
        sa.text("""
            delete from places
            where id in (
                select p.id
                from places p
                join place_imports i on i.id = p.import_id
                where i.name = :name
                limit :most
            )
        """),
        {"name": name, "most": most},
    )
    return int(gone.rowcount)


def finish(conn: Connection, name: str, box: Box | None) -> None:
    """Note that the imports of the name are taken out, and renew what is kept of the whole catalogue. Names of towns
    within ``box`` that hold no place any more go, too."""
    place_imports.lock(conn)
    conn.execute(
        sa.text("""
            update place_imports
            set state = 'stopped', position = 0, places = 0, added = 0, updated = 0, changed = 0, closed = 0,
                hidden = 0, apart = 0, unplaced = 0, left_out = 0, bad_records = 0, lost_records = 0, removed_at = now()
            where name = :name
        """),
        {"name": name},
    )
    category_counts.renew(conn)
    place_holdings.renew(conn)
    localities.renew(conn)
    if box:
        localities.forget_empty(conn, box)
    place_imports.analyze(conn)


def is_removed(conn: Connection, name: str) -> bool:
    """Whether somebody took an import of the name out and nobody brought it back."""
    found = sa.text("select exists (select from place_imports where name = :name and removed_at is not null)")
    return bool(conn.execute(found, {"name": name}).scalar_one())
