"""Turns of bulk orders: which of their campaigns are put in line next, and which bulk orders have come to their end.

So many are in line or run at once as workers can be kept busy with, of all bulk orders together; the workspace with the
fewest comes first, and of bulk orders the one whose last turn was longest ago. Whoever orders a single campaign
therefore waits behind a handful, however many a bulk order has.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import outbox
from store.workers import GONE_AFTER_S


def take(conn: Connection) -> int:
    """Promise to wake whose turn it is; returns how many."""
    ids = _locked(conn)
    if not ids:
        return 0
    rows = conn.execute(_NEXT, {"ids": ids, "gone": GONE_AFTER_S}).all()
    for row in rows:
        outbox.promise(conn, row.workspace_id, row.id, row.attempt)
    conn.execute(
        sa.text("update bulk_orders set turn_at = clock_timestamp() where id = any(:ids)"),
        {"ids": list({row.bulk_id for row in rows})},
    )
    return len(rows)


def note_ended(conn: Connection) -> None:
    """Note which bulk orders have come to their end, and promise to tell whose they are: once, by the campaign that
    ended last."""
    ids = _locked(conn, with_paused=True)
    # Looked at anew once they are held: a campaign that went on meanwhile keeps its bulk order open.
    rows = conn.execute(
        sa.text("""
            update bulk_orders b
            set ended_at = now()
            where b.id = any(:ids)
                and not exists (
                    select
                    from campaigns c
                    where c.workspace_id = b.workspace_id and c.bulk_id = b.id and c.ended_at is null
                )
            returning b.workspace_id, (
                select j.id
                from campaigns c
                join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
                where c.workspace_id = b.workspace_id and c.bulk_id = b.id
                order by c.ended_at desc, c.id desc
                limit 1
            ) as job_id
        """),
        {"ids": ids},
    ).all()
    for row in rows:
        outbox.announce_end(conn, row.workspace_id, row.job_id, of_bulk=True)


def _locked(conn: Connection, *, with_paused: bool = False) -> Sequence[UUID]:
    """Open bulk orders that nobody pauses, stops or goes on with at this moment, locked until the end of the
    transaction."""
    rows = conn.execute(
        sa.text("""
            select id
            from bulk_orders
            where ended_at is null and (paused_at is null or :with_paused)
            order by created_at
            for no key update skip locked
        """),
        {"with_paused": with_paused},
    )
    return list(rows.scalars())


# One more than there are workers, so that none has to wait for the next turn.
_NEXT = sa.text("""
    with most as (
        select greatest(1, count(*)) + 1 as number
        from workers
        where seen_at > now() - make_interval(secs => :gone) and rests_since is null
    ),
    line as (
        select b.workspace_id, b.id, b.turn_at, b.created_at, count(*) filter (where j.wake_at < 'infinity') as in_line
        from bulk_orders b
        join campaigns c on c.workspace_id = b.workspace_id and c.bulk_id = b.id and c.ended_at is null
        join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
        where b.ended_at is null
        group by b.workspace_id, b.id
    ),
    home as (
        select workspace_id, sum(in_line) as in_line
        from line
        group by workspace_id
    ),
    waiting as (
        select l.id as bulk_id, n.id, l.turn_at, h.in_line + row_number() over (
            partition by l.workspace_id
            order by l.in_line + n.place, l.turn_at nulls first, l.created_at
        ) as share
        from line l
        join home h on h.workspace_id = l.workspace_id
        cross join most
        cross join lateral (
            select j.id, row_number() over (order by j.id) as place
            from campaigns c
            join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
            where c.workspace_id = l.workspace_id
                and c.bulk_id = l.id
                and c.ended_at is null
                and j.status = 'pending'
                and j.wake_at = 'infinity'
            order by j.id
            limit most.number
        ) n
        where l.id = any(:ids)
    ),
    chosen as (
        select bulk_id, id
        from waiting
        order by share, turn_at nulls first
        limit greatest(0, (select number from most) - (select coalesce(sum(in_line), 0) from line))
    )
    update discovery_jobs j
    set wake_at = now(), wake_first_at = now()
    from chosen
    where j.id = chosen.id and j.status = 'pending' and j.wake_at = 'infinity'
    returning j.workspace_id, j.id, j.attempt, chosen.bulk_id
""")
