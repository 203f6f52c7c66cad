"""Ledgers of any size: campaigns of a few hundred paid calls each, a tenth of them in one workspace."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg2

import settings
from bench._book import NAMED, switch_to_environment
from bench._copies import careless, columns_beside, without_indexes
from bench._installation import installation
from embedded.layout import Layout
from embedded.postgres import DATABASE, Postgres
from services.identity import Person
from store import database
from tests.support.campaigns import PAID, claimed, end, submitted

_OF_A_CAMPAIGN, _AT_ONCE = 300, 3_000
_FILLED = ("campaigns", "provider_calls", "call_sums", "spend_sums")
_OWN = (
    *("workspace_id", "id", "idem_key", "created_at", "ended_at", "budget_micros", "spent_micros"),
    *("reserved_micros", "uncertain_micros", "saved_micros", "emails_verified"),
)
_CAMPAIGNS = """
    insert into workspaces (id, name)
        select ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'A workspace' from generate_series(1, 9) as n
        on conflict do nothing;
    create unlogged table made as
        select n, case when n % 10 = 0 then '{mine}'::uuid
                else ('00000000-0000-4000-8000-00000000000' || n % 10)::uuid end as workspace_id,
            now() - make_interval(secs => n * 31536000.0 / {campaigns}) as at,
            uuidv7(make_interval(secs => -n * 31536000.0 / {campaigns})) as id
        from generate_series(1, {campaigns}) as n;
    insert into campaigns ({columns}, workspace_id, id, idem_key, created_at, ended_at, budget_micros, spent_micros,
            reserved_micros, uncertain_micros, saved_micros, emails_verified)
        select {values}, m.workspace_id, m.id, m.id::text, m.at, m.at, 10000000, s.cost, 0, s.unsure, s.saved, n % 40
        from made m, (select * from campaigns limit 1) c, (
            select sum(k % 3 * 8000) as cost, sum(case when k % 50 = 0 then k % 3 * 8000 else 0 end) as unsure,
                sum(case when k % 7 = 0 then 24500 else 0 end) as saved
            from generate_series(1, {each}) as k) s;
"""
_CALLS = """
    insert into provider_calls (workspace_id, key, id, campaign_id, provider, operation, arguments, state, price_micros,
            cost_micros, saved_micros, found, lease_token, http_status, response, sent_at, done_at, created_at, subject)
        select m.workspace_id, decode(md5(m.id::text || k), 'hex'), uuidv7(m.at - now()), m.id,
            (array['hunter', 'snov', 'google_places', 'neverbounce'])[1 + k % 4], 'look_up',
            jsonb_build_object('domain', 'company-' || m.n || '-' || k || '.test'),
            case when k % 50 = 0 then 'unknown' else 'done' end, 24500, k % 3 * 8000,
            case when k % 7 = 0 then 24500 else 0 end, k % 3 <> 0, 1, 200,
            -- What is long over is forgotten by now.
            case when m.at > now() - make_interval(days => {days})
                then jsonb_build_object('emails', jsonb_build_array('info@company-' || k || '.test')) end,
            m.at, m.at, m.at, 'business ' || k
        from made m, generate_series(1, {each}) as k
        where m.n between {first} and {last};
"""
# As migrations/sql/0039_call_sums.sql does, as no trigger runs.
_SUMS = """
    insert into call_sums
        select p.workspace_id, (p.sent_at at time zone 'UTC')::date, p.campaign_id, p.provider, sum(n.calls),
            sum(n.asked), sum(n.hits), sum(n.cost_micros), sum(n.saved_micros), sum(n.missed_micros),
            sum(n.uncertain_micros)
        from provider_calls p, call_counts(p.state, p.cost_micros, p.saved_micros, p.found) as n
        group by 1, 2, 3, 4;
    delete from spend_sums;
    select spend_sums_of(c, 1) from campaigns c where c.ended_at is not null;
    select spend_sums_compact();
    drop table made;
"""


@dataclass(frozen=True)
class Ledger:
    """A filled ledger, and an administrator whose workspace has a tenth of it."""

    owner: Person
    environment: Mapping[str, str]


@contextmanager
def ledger_of(calls: int) -> Iterator[Ledger]:
    """About so many calls, in an installation of its own; the settings of this process name it."""
    database.dispose()
    # Nobody is asked: a plan that looks up contacts wants to know that somebody could be.
    os.environ.update(HUNTER_IO_API_KEY="a key", NEVERBOUNCE_API_KEY="a key")
    with installation(is_admin=True) as (folder, owner):
        environment = {name: os.environ[name] for name in NAMED}
        end(claimed(owner, submitted(owner, PAID)))
        _fill(Postgres(Layout(folder)).url("postgres", DATABASE), owner, -(-calls // _OF_A_CAMPAIGN))
        yield Ledger(owner, environment)
        switch_to_environment(environment)


def _fill(superuser: str, owner: Person, campaigns: int) -> None:
    with closing(psycopg2.connect(superuser)) as conn, conn.cursor() as cursor:
        conn.autocommit = True
        kept = columns_beside(cursor, "campaigns", _OWN)
        values = {"mine": owner.workspace_id, "campaigns": campaigns, "columns": ", ".join(kept)}
        values["each"] = _OF_A_CAMPAIGN
        values["days"] = settings.get().retention_days
        values["values"] = ", ".join(f"c.{name}" for name in kept)
        with careless(cursor), without_indexes(cursor, _FILLED):
            cursor.execute(_CAMPAIGNS.format(**values))
            for first in range(1, campaigns + 1, _AT_ONCE):
                cursor.execute(_CALLS.format(first=first, last=first + _AT_ONCE - 1, **values))
            cursor.execute(_SUMS)
        cursor.execute(f"vacuum (analyze) {', '.join(_FILLED)}")
        cursor.execute("checkpoint")
