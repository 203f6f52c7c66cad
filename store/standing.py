"""How the installation is at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.health.running_out import Ending
from store.jobs import SUMS_DIFFER
from store.workers import GONE_AFTER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is read anew whenever somebody looks; the disk is as the last minutes saw it."""

    at: datetime
    workers: int
    is_paused: bool
    waiting: int
    waiting_longest_s: int
    wrong_sums: int
    wrong_wallets: int
    places_missed: int
    disk_used_percent: float | None
    endings: tuple[Ending, ...]


def now(conn: Connection) -> Standing:
    """Read it, for administrators and the system."""
    row = conn.execute(
        sa.text("""
            with waiting as (
                select count(*) as jobs, min(wake_first_at) filter (where started_at is null) as since
                from discovery_jobs
                where status = 'pending' and wake_at < 'infinity'
            )
            select now() as at,
                (select count(*) from workers where seen_at > now() - make_interval(secs => :gone)) as workers,
                exists (select from switches where name = 'queue_paused' and is_on) as is_paused,
                jobs as waiting, coalesce(extract(epoch from now() - since), 0)::integer as waiting_longest_s,
                (select count(*) from discovery_jobs where error = :differ) as wrong_sums,
                (select count(*) from wallets where differs_since is not null) as wrong_wallets,
                (select count(distinct place) from place_wishes) as places_missed,
                (
                    select most
                    from measures
                    where step = 'minute' and at > now() - interval '10 minutes' and name = 'disk_used_percent'
                    order by at desc
                    limit 1
                ) as disk_used_percent,
                (
                    select coalesce(jsonb_agg(
                        jsonb_build_object(
                            'kind', kind, 'number', number, 'days', extract(epoch from ends_at - now()) / 86400
                        )
                        order by kind desc
                    ), '[]')
                    from endings
                    where asked_at > now() - interval '1 day'
                ) as endings
            from waiting
        """),
        {"gone": GONE_AFTER_S, "differ": SUMS_DIFFER},
    ).one()
    return Standing(**{**row._mapping, "endings": tuple(Ending(**each) for each in row.endings)})
