"""The figures of a campaign as its stored leads have them, for an end that came before the last report."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import OPEN_DATA
from pipeline.lead import EmailStatus
from store.leases import Lease


def settle(conn: Connection, lease: Lease) -> None:
    """Make the campaign's figures those of its leads: a stopped run stores what it paid for, but reports no more.

    A lead counts as enriched once something besides the open data was asked about it.
    """
    conn.execute(
        sa.text("""
            update campaigns c
            set leads_enriched = greatest(c.leads_enriched, stored.enriched),
                emails_found = stored.emails,
                emails_verified = stored.verified
            from (
                select count(*) filter (
                        where exists (
                            select from jsonb_array_elements(steps) step
                            where step ->> 'step' <> :open_data and not coalesce((step ->> 'is_open')::boolean, false)
                        )
                    ) as enriched,
                    count(*) filter (where email_status not in (:none, :invalid, :disposable)) as emails,
                    count(*) filter (where email_status = :verified) as verified
                from leads
                where workspace_id = :workspace and campaign_id = :campaign
            ) stored
            where c.workspace_id = :workspace and c.id = :campaign
        """),
        {
            "open_data": OPEN_DATA,
            "none": EmailStatus.NONE,
            "invalid": EmailStatus.INVALID,
            "disposable": EmailStatus.DISPOSABLE,
            "verified": EmailStatus.VERIFIED,
            "workspace": lease.workspace_id,
            "campaign": lease.campaign_id,
        },
    )
