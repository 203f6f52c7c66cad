"""How many of the businesses a campaign met its workspace knows already, kept with the campaign."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.leases import Lease
from store.tables import campaigns


class Met(StrEnum):
    """Whom a campaign met, by the column that counts them."""

    IN_BOOK = "in_book"
    CUSTOMERS = "customers"


def note(conn: Connection, lease: Lease, met: Met, number: int) -> None:
    """Keep how many they are."""
    count = campaigns.c[met]
    conn.execute(
        sa.update(campaigns).where(*_is(lease), count.is_distinct_from(number)).values({count.name: number})
    )


def noted(conn: Connection, lease: Lease, met: Met) -> int:
    """What ``note`` kept; 0 before."""
    return conn.execute(sa.select(campaigns.c[met]).where(*_is(lease))).scalar_one() or 0


def _is(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    return campaigns.c.workspace_id == lease.workspace_id, campaigns.c.id == lease.campaign_id
