"""Places whose own records say that they closed: hidden from searches, and kept as witnesses for other sources."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.place import Place
from store import place_writing


def mark_gone(conn: Connection, closed: Sequence[Place]) -> int:
    """Hide places that a snapshot not older than the stored one says are closed; returns how many were shown."""
    if not closed:
        return 0
    marked = conn.execute(
        sa.text("""
            update places p
            set gone_at = now()
            from unnest(cast(:sources as text[]), cast(:refs as text[]), cast(:days as date[]))
                as closed (source, source_ref, observed_on)
            where p.source = closed.source
                and p.source_ref = closed.source_ref
                and p.gone_at is null
                and (
                    p.observed_on is null or closed.observed_on is null or closed.observed_on >= p.observed_on
                )
        """),
        {
            "sources": [place.source for place in closed],
            "refs": [place.source_ref for place in closed],
            "days": [place.observed_on for place in closed],
        },
    )
    return int(marked.rowcount)


def keep(conn: Connection, import_id: UUID, closed: Sequence[Place]) -> None:
    """Store named places that closed and of which a point is known, hidden, unless another import knows them by a newer
    record."""
    named = [place for place in closed if place.name and place.lat is not None]
    if not named:
        return
    place_writing.upsert(conn, place_writing.batch(import_id, named))
    conn.execute(
        sa.text("""
            update places p
            set gone_at = now(), is_closed = true
            from unnest(cast(:sources as text[]), cast(:refs as text[])) as closed (source, source_ref)
            where p.source = closed.source and p.source_ref = closed.source_ref and p.import_id = :import_id
        """),
        {
            "sources": [place.source for place in named],
            "refs": [place.source_ref for place in named],
            "import_id": import_id,
        },
    )
