"""Companies of the book as far as they are known again by it: for putting them on the suppression list."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.lead import Business


def businesses(conn: Connection, workspace_id: UUID, companies: Sequence[UUID]) -> list[Business]:
    """What names these companies: name, place, domain, numbers, addresses and chain, of the newest lead of each."""
    rows = conn.execute(
        sa.text("""
            select name, category, chain, domain, phone, email, city, postcode, details
            from leads
            where workspace_id = :workspace
                and company_id = any(:companies)
                and is_current
            order by company_id
        """),
        {"workspace": workspace_id, "companies": list(companies)},
    )
    return [Business(**row._mapping, lat=None, lon=None, origins=()) for row in rows]
