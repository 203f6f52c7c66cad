"""How the installation does by the minute, hour and day, derived from what campaigns and calls leave behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.health.exposition import Figure
from pipeline.health.measures import MILLISECONDS, SECONDS, Point
from store.workers import GONE_AFTER_S

Step = Literal["minute", "hour", "day"]
_Window = dict[str, datetime]
# The measures that are histograms, with the bounds of their parts.
_BOUNDS: dict[str, tuple[int, ...]] = {
    "completion_s": SECONDS,
    "waiting_s": SECONDS,
    "latency_ms": MILLISECONDS,
}


def take(conn: Connection, disk_used_percent: float | None) -> int:
    """Measure the minutes that are over and were not measured yet, of the last two days at most; returns how many.

    A minute is looked at 20 seconds after its end: by then its questions have their answers, nearly always. A question
    that was repeated counts in the minute of its last attempt. What is kept too long goes.
    """
    since, until = _window(conn)
    if since >= until:
        return 0
    window = {"since": since, "until": until}
    _add(conn, [*_of_campaigns(conn, window), *_of_waiting(conn, window), *_of_calls(conn, window)])
    _add(conn, _samples(conn, until, disk_used_percent))
    conn.execute(
        sa.text("""
            delete from measures m
            using (values ('minute', interval '2 days'), ('hour', interval '90 days')) as k (step, kept)
            where m.step = k.step and m.at < now() - k.kept
        """)
    )
    return round((until - since).total_seconds() / 60)


def since(conn: Connection, wanted: Mapping[Step, int]) -> dict[Step, list[Point]]:
    """The measures of the last so many minutes, hours or days, the one that runs included, oldest first."""
    rows = conn.execute(
        sa.text("""
            select w.step, m.at, m.name, m.subject, m.part, m.value, m.most
            from unnest(cast(:wanted as text[]), cast(:steps as integer[])) as w (step, steps)
            join measures m
                on m.step = w.step
                    and m.at > date_trunc(w.step, now(), 'UTC') - w.steps * cast('1 ' || w.step as interval)
            order by m.at
        """),
        {"wanted": list(wanted), "steps": list(wanted.values())},
    )
    found: dict[Step, list[Point]] = {step: [] for step in wanted}
    for step, *values in rows:
        at, name, subject, part, value, most = values
        found[step].append(Point(at=at, name=name, subject=subject, part=part, value=value, most=most))
    return found


def _window(conn: Connection) -> tuple[datetime, datetime]:
    row = conn.execute(
        sa.text("""
            select date_trunc('minute', now() - interval '20 seconds') as until,
                greatest(
                    date_trunc('minute', now()) - interval '2 days',
                    (select max(at) + interval '1 minute' from measures where step = 'minute' and name = 'samples')
                ) as since
        """)
    ).one()
    return row.since, row.until


def _of_campaigns(conn: Connection, window: _Window) -> list[Point]:
    """How campaigns ended, how long those that succeeded took, and what they brought and cost."""
    rows = conn.execute(
        sa.text("""
            select date_trunc('minute', c.ended_at) as at, f.name, '' as subject, f.part, sum(f.value) as value
            from campaigns c
            join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
            cross join lateral (
                select extract(epoch from c.ended_at - j.wake_first_at) as took,
                    (c.status in ('completed', 'partial'))::int as succeeded
            ) t
            cross join lateral (
                values ('campaigns', c.status, 1::double precision),
                    ('suspicious', '', (c.suspicion is not null)::int),
                    ('leads', '', c.lead_count),
                    ('usable', '', c.emails_verified),
                    ('campaign_micros', '', c.spent_micros),
                    ('completion_total_s', '', t.took * t.succeeded),
                    ('completion_s', width_bucket(t.took, cast(:bounds as numeric[]))::text, t.succeeded)
            ) as f (name, part, value)
            where c.ended_at >= :since and c.ended_at < :until and f.value > 0
            group by 1, 2, 4
        """),
        {**window, "bounds": list(SECONDS)},
    )
    return [_point(row) for row in rows]


def _of_waiting(conn: Connection, window: _Window) -> list[Point]:
    """How long those that started had been in line."""
    rows = conn.execute(
        sa.text("""
            with active as materialized (
                select workspace_id, campaign_id
                from discovery_jobs
                where status in ('pending', 'processing')
                union
                select workspace_id, id
                from campaigns
                where ended_at >= :since
            )
            select date_trunc('minute', j.started_at) as at, 'waiting_s' as name, '' as subject,
                width_bucket(extract(epoch from j.started_at - j.wake_first_at), cast(:bounds as numeric[]))::text
                    as part, count(*) as value
            from active a
            join discovery_jobs j on j.workspace_id = a.workspace_id and j.campaign_id = a.campaign_id
            where j.started_at >= :since and j.started_at < :until
            group by 1, 4
        """),
        {**window, "bounds": list(SECONDS)},
    )
    return [_point(row) for row in rows]


def _of_calls(conn: Connection, window: _Window) -> list[Point]:
    """What came of questions to providers. They are found by way of the campaigns that may have asked some: an index of
    their own would make each dearer."""
    rows = conn.execute(
        sa.text("""
            with active as materialized (
                select workspace_id, campaign_id
                from discovery_jobs
                where status in ('pending', 'processing') and (status = 'processing' or attempt > 0)
                union
                select workspace_id, id
                from campaigns
                where ended_at >= :since
            )
            select date_trunc('minute', p.sent_at) as at, f.name, p.provider as subject, f.part, sum(f.value) as value
            from active a
            join provider_calls p on p.workspace_id = a.workspace_id and p.campaign_id = a.campaign_id
            cross join lateral (
                select extract(epoch from p.done_at - p.sent_at) * 1000 as took,
                    (p.state in ('done', 'failed_free', 'unknown') and p.done_at is not null)::int as was_sent
            ) t
            cross join lateral (
                values ('calls', p.state, 1::double precision),
                    ('call_micros', '', p.cost_micros),
                    ('latency_ms', width_bucket(t.took, cast(:bounds as numeric[]))::text, t.was_sent)
            ) as f (name, part, value)
            where p.sent_at >= :since and p.sent_at < :until and f.value > 0
            group by 1, 2, 3, 4
        """),
        {**window, "bounds": list(MILLISECONDS)},
    )
    return [_point(row) for row in rows]


def _samples(conn: Connection, until: datetime, disk_used_percent: float | None) -> list[Point]:
    """What has no history, as it is now; it stands for the last minute."""
    row = conn.execute(
        sa.text("""
            select cast(:until as timestamptz) - interval '1 minute' as at,
                count(*) filter (where status = 'pending' and wake_at < 'infinity') as waiting,
                coalesce(extract(epoch from now() - min(wake_first_at) filter (
                    where status = 'pending' and started_at is null and wake_at < 'infinity'
                )), 0) as waiting_longest_s,
                count(distinct lease_owner) filter (where lease_until > now()) as workers_busy,
                (
                    select count(*)
                    from workers
                    where seen_at > now() - make_interval(secs => :gone)
                ) as workers_alive
            from discovery_jobs
            where status in ('pending', 'processing')
        """),
        {"until": until, "gone": GONE_AFTER_S},
    ).one()
    sampled = {**row._mapping, "samples": 1, "disk_used_percent": disk_used_percent}
    at = sampled.pop("at")
    return [
        Point(at=at, name=name, subject="", part="", value=float(value), most=float(value))
        for name, value in sampled.items()
        if value is not None
    ]


def _add(conn: Connection, points: Sequence[Point]) -> None:
    """Add measures of minutes to these, their hours and their days."""
    conn.execute(
        sa.text("""
            insert into measures as m (step, at, name, subject, part, value, most)
            select s.step, date_trunc(s.step, p.at, 'UTC'), p.name, p.subject, p.part, sum(p.value), max(p.most)
            from unnest(
                cast(:at as timestamptz[]), cast(:name as text[]), cast(:subject as text[]), cast(:part as text[]),
                cast(:value as double precision[]), cast(:most as double precision[])
            ) as p (at, name, subject, part, value, most)
            cross join (values ('minute'), ('hour'), ('day')) as s (step)
            group by 1, 2, 3, 4, 5
            on conflict (step, at, name, subject, part)
            do update set value = m.value + excluded.value, most = greatest(m.most, excluded.most)
        """),
        {field.name: [getattr(point, field.name) for point in points] for field in fields(Point)},
    )


def _point(row: sa.Row[Any]) -> Point:
    part, bounds = row.part, _BOUNDS.get(row.name)
    if bounds is not None:
        part = str(bounds[int(part)]) if int(part) < len(bounds) else "inf"
    value = float(row.value)
    return Point(at=row.at, name=row.name, subject=row.subject, part=part, value=value, most=value)


def everything(conn: Connection) -> list[Figure]:
    """What all days come to, and how it is now, for a program that watches."""
    rows = conn.execute(sa.text("select name, subject, part, value from metrics_now()"))
    return [Figure(row.name, row.subject, row.part, float(row.value)) for row in rows]
