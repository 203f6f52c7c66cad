"""What is usual in a workspace, for judging a campaign at its end."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import CampaignStatus
from pipeline.scoring.suspicion import ENOUGH_LEADS, RECENT_CAMPAIGNS, Yield, suspicion
from store.leases import Lease
from store.progress import End


def judged(conn: Connection, lease: Lease, end: End) -> End:
    """The end of the job that is held, with why it is worth a look when it is a success and yet is."""
    if end.status is not CampaignStatus.COMPLETED:
        return end
    where = {"workspace": lease.workspace_id, "campaign": lease.campaign_id}
    own = conn.execute(
        sa.text("""
            select lead_count as leads, emails_found as emails,
                lead_count = 0
                    and (in_book > 0 and spec ->> 'known_companies' = 'skip'
                        or customers > 0 and spec -> 'skip_customers' = 'true') as is_skipped
            from campaigns
            where workspace_id = :workspace and id = :campaign
        """),
        where,
    ).one()
    if own.is_skipped:
        # Everybody found was left out, as its notice says.
        return end
    others = conn.execute(
        sa.text("""
            select c.lead_count as leads, c.emails_found as emails
            from campaigns c
            join campaigns own on own.workspace_id = c.workspace_id
                and own.id = :campaign
                and own.id <> c.id
                and own.spec -> 'waterfall' = c.spec -> 'waterfall'
                and own.simulated = c.simulated
                and coalesce(own.spec -> 'must_have', '[]') = coalesce(c.spec -> 'must_have', '[]')
                and coalesce(own.spec -> 'must_not', '[]') = coalesce(c.spec -> 'must_not', '[]')
            where c.workspace_id = :workspace and c.status = 'completed' and c.lead_count >= :enough
            order by c.ended_at desc
            limit :recent
        """),
        {**where, "enough": ENOUGH_LEADS, "recent": RECENT_CAMPAIGNS},
    )
    found = Yield(leads=own.leads, emails=own.emails)
    return replace(end, suspicion=suspicion(found, [Yield(**row._mapping) for row in others]))
