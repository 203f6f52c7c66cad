"""What the server, the schema and the queue are like, for whoever looks why something does not work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.workers import GONE_AFTER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """The Postgres server. ``shows_values``: a statement that fails stands in its log with what it held."""

    version: str
    clock: datetime
    connections: int
    max_connections: int
    bytes: int
    is_durable: bool
    shows_values: bool
    ends_what_nobody_waits_for: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """What waits and who works. ``waited_s`` is how long the first in line waits; ``left`` jobs ran for a worker that
    fell silent over a minute ago; ``unsent`` wake-ups and ``late_mails`` should have gone a minute and an hour ago."""

    waiting: int
    running: int
    waited_s: int
    left: int
    unsent: int
    late_mails: int
    workers: int


@dataclass(frozen=True, slots=True, order=True)
class Policy:
    """Who may see or change rows of a table, by names; which rows is in the migrations."""

    table: str
    name: str
    command: str
    roles: tuple[str, ...]


def server(conn: Connection) -> ServerFacts:
    """The server as it is now."""
    row = conn.execute(
        sa.text("""
            select current_setting('server_version') as version, clock_timestamp() as clock,
                (select sum(numbackends)::int from pg_stat_database) as connections,
                current_setting('max_connections')::int as max_connections,
                pg_database_size(current_database()) as bytes, current_setting('fsync')::bool as is_durable,
                current_setting('log_min_error_statement') not in ('log', 'fatal', 'panic')
                    or current_setting('log_error_verbosity') <> 'terse' as shows_values,
                current_setting('client_connection_check_interval') <> '0' as ends_what_nobody_waits_for
        """)
    ).one()
    return ServerFacts(**row._mapping)


def queue(conn: Connection) -> QueueFacts:
    """What waits and who works."""
    row = conn.execute(
        sa.text("""
            select count(*) filter (where status = 'pending' and wake_at < 'infinity') as waiting,
                count(*) filter (where status = 'processing') as running,
                coalesce(
                    extract(
                        epoch from now() - min(wake_first_at) filter (where status = 'pending' and wake_at < 'infinity')
                    ),
                    0
                )::int as waited_s,
                count(*) filter (
                    where status = 'processing' and coalesce(lease_until, '-infinity') < now() - interval '1 minute'
                ) as left,
                (
                    select count(*)
                    from outbox
                    where kind = 'run_campaign' and sent_at is null and created_at < now() - interval '1 minute'
                ) as unsent,
                (
                    select count(*)
                    from outbox
                    where kind = 'campaign_ended'
                        and sent_at is null
                        and dropped_at is null
                        and created_at < now() - interval '1 hour'
                ) as late_mails,
                (select count(*) from workers where seen_at > now() - make_interval(secs => :gone)) as workers
            from discovery_jobs
            where status in ('pending', 'processing')
        """),
        {"gone": GONE_AFTER_S},
    ).one()
    return QueueFacts(**row._mapping)


def policies(conn: Connection) -> frozenset[Policy]:
    """Every policy of row-level security there is."""
    rows = conn.execute(
        sa.text("""
            select tablename as table, policyname as name, cmd as command, roles::text[] as roles
            from pg_policies
            where schemaname = 'public'
        """)
    )
    return frozenset(Policy(row.table, row.name, row.command, tuple(sorted(row.roles))) for row in rows)


def holders(conn: Connection) -> frozenset[str]:
    """Every role that was given a right on a table of the schema, or on a function that acts as its owner, beside who
    owns it; ``public`` for everybody, but where it is functions: those ask for a proof."""
    rows = conn.execute(
        sa.text("""
            select distinct case a.grantee when 0 then 'public' else a.grantee::regrole::text end as holder
            from (
                select relowner as owner, relacl as acl, true as is_table
                from pg_class
                where relnamespace = 'public'::regnamespace
                union all
                select proowner, proacl, false
                from pg_proc
                where pronamespace = 'public'::regnamespace and prosecdef
            ) as o
            cross join lateral aclexplode(o.acl) a
            where a.grantee <> o.owner and (o.is_table or a.grantee <> 0)
        """)
    )
    return frozenset(rows.scalars())
