"""Copies of the leads of real campaigns, as many as wanted, made within the database: the cheapest way to a large book.

No trigger runs, and indexes are built once all rows are there: otherwise ten million leads would take hours. Every
share (of a status, of a place, of a day) is the same in a book of any size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import psycopg2
from psycopg2.extensions import cursor as Cursor

from services.identity import Person

_AT_ONCE = 200
"""Copies of every template made in one transaction."""
_FILLED = ("leads", "companies", "company_keys", "suppressed_companies", "campaigns", "discovery_jobs")
# Of the session that fills alone, and of the server until it is filled: what a crash would lose is made again.
_SESSION = (
    "session_replication_role = replica",
    "maintenance_work_mem = '512MB'",
    "synchronous_commit = off",
)
_SERVER = ("fsync = off", "full_page_writes = off", "max_wal_size = '2GB'", "autovacuum = off")
_PREPARED = """
    create unlogged table whose as
        select n as turn, case when n = 0 then '{mine}'::uuid
            else ('00000000-0000-4000-8000-00000000000' || n)::uuid end as workspace_id
        from generate_series(0, {one_in} - 1) as n;
    insert into workspaces (id, name)
        select workspace_id, 'A workspace' from whose on conflict do nothing;
    insert into suppressions (workspace_id, value_hash, kind, reason, source)
        select workspace_id, 'an entry', 'domain', 'Asked us', 'file' from whose;
    create unlogged table template as
        select row_number() over (order by id) as number, l.* from leads l;
    create unlogged table template_words as
        select w.workspace_id, t.id as template, book_words(w.workspace_id, concat_ws(' ', t.name, t.address,
            t.city, t.postcode, t.phone, t.domain, t.website, t.email, t.chain)) as words
        from template t, whose w;
    create unlogged table template_campaign as select c.* from campaigns c
        where exists (select from template t where t.campaign_id = c.id);
    create unlogged table template_job as select j.* from discovery_jobs j
        where exists (select from template_campaign c where c.id = j.campaign_id);
    analyze template, template_words, whose, template_campaign, template_job;
"""
# ``luck`` is a number that each lead has for itself; ``ago`` is how long ago its campaign ran, within a year.
_COPIED = """
    create temporary table campaign_copies on commit drop as
        select c.id as template, n, w.workspace_id, make_interval(secs => (1 - n / {copies}.0) * 31536000) as ago,
            uuidv7(make_interval(secs => (n / {copies}.0 - 1) * 31536000)) as id
        from generate_series({first}, {last}) as n
        join whose w on w.turn = n % {one_in}, template_campaign c;
    insert into campaigns ({campaign_columns}, workspace_id, id, idem_key, created_at, ended_at, spent_micros,
            reserved_micros, uncertain_micros, emails_verified)
        select {campaign_values}, k.workspace_id, k.id, k.id::text, now() - k.ago, now() - k.ago,
            least(c.budget_micros, k.n % 50 * 10000), 0, 0, k.n % 40
        from campaign_copies k join template_campaign c on c.id = k.template;
    insert into discovery_jobs ({job_columns}, workspace_id, id, campaign_id)
        select {job_values}, k.workspace_id, uuidv7(-k.ago), k.id
        from campaign_copies k join template_job j on j.campaign_id = k.template;
    create temporary table copies on commit drop as
        select t.id as template, k.n, k.workspace_id, k.id as campaign_id, uuidv7(-k.ago) as id,
            uuidv7(-k.ago) as company_id, now() - k.ago as found_at, k.ago,
            hashint8(k.n * 100000 + t.number) & 1073741823 as luck
        from campaign_copies k join template t on t.campaign_id = k.template;
    insert into companies (workspace_id, id, status, owner_id, follow_up_on, tags, first_seen_at, last_seen_at,
            exported_at)
        select workspace_id, company_id,
            case when luck % 50 = 0 then (array['contacted', 'interested', 'won', 'lost'])[1 + luck / 50 % 4]
                else 'new' end,
            case when luck % 100 = 0 and workspace_id = '{mine}' then '{owner}'::uuid end,
            case when luck % 200 = 0 then date '2026-11-01' + luck / 200 % 60 end,
            case when luck % 40 = 0 then array['tag ' || luck / 40 % 20] else '{{}}' end,
            found_at, found_at, case when luck % 3 = 1 then found_at end
        from copies;
    insert into suppressed_companies (workspace_id, company_id, value_hash)
        select workspace_id, company_id, 'an entry' from copies where luck % 150 = 7;
    insert into company_keys (workspace_id, key_hash, company_id)
        select workspace_id, substring(sha256(uuid_send(id) || int4send(k)) for 16), company_id
        from copies, generate_series(1, 2) as k;
    insert into leads ({columns}, workspace_id, id, campaign_id, company_id, business_id, is_current, name, email,
            domain, phone, city, lat, lon, email_status, cost_micros, words, team_status, owner_id, follow_up_on,
            tags, is_customer, phone_is_mobile, open_week, first_seen_at, updated_at)
        select {values}, c.workspace_id, c.id, c.campaign_id, c.company_id, c.id, true, t.name || ' ' || c.n,
            c.n || t.email, c.n || t.domain, left(t.phone, -4) || lpad((luck % 10000)::text, 4, '0'),
            case when luck % 5 = 0 then t.city else 'Town ' || luck / 5 % 300 end,
            t.lat + case when luck % 5 = 0 then 0 else luck / 5 % 6000 / 1000.0 end,
            t.lon + case when luck % 5 = 0 then 0 else luck / 30000 % 8000 / 1000.0 - 3 end,
            case when t.email is null then 'none' else (array['unverified', 'verified', 'accepted', 'catchall',
                'unknown', 'invalid', 'verified', 'unverified'])[1 + luck % 8] end,
            case when luck % 3 = 0 then luck / 3 % 60 * 1000 else 0 end,
            w.words || to_tsvector('simple', left(c.workspace_id::text, 8) || c.n),
            o.status, o.owner_id, o.follow_up_on, o.tags, luck % 100 = 7,
            t.phone is not null and luck % 7 = 0,
            -- Some are open at any time, most others by day.
            case when t.open_week is not null and luck % 50 = 3 then '{{[0,10080)}}' else t.open_week end, c.found_at,
            c.found_at + case when luck % 4 = 0 then luck % 1000 / 1000.0 * c.ago else interval '0' end
        from copies c join template t on t.id = c.template
        join template_words w on w.workspace_id = c.workspace_id and w.template = t.id
        join companies o on o.workspace_id = c.workspace_id and o.id = c.company_id
        order by c.n, t.number;
"""
_DONE = "drop table template, template_words, template_campaign, template_job, whose"
_OF_LEADS = (
    *(
        "workspace_id",
        "id",
        "campaign_id",
        "company_id",
        "business_id",
        "is_current",
        "name",
        "email",
        "domain",
    ),
    *("phone", "city", "lat", "lon", "email_status", "cost_micros", "words", "team_status", "owner_id"),
    *("follow_up_on", "tags", "is_customer", "phone_is_mobile", "open_week", "first_seen_at", "updated_at"),
)
_OF_CAMPAIGNS = (
    *("workspace_id", "id", "idem_key", "created_at", "ended_at", "spent_micros", "reserved_micros"),
    *("uncertain_micros", "emails_verified"),
)
_OF_JOBS = ("workspace_id", "id", "campaign_id")


def fill(superuser: str, owner: Person, leads: int, workspaces: int) -> int:
    """About so many leads, copies of those that are there, shared evenly by the owner's workspace and others; returns
    how many of them are the owner's."""
    with closing(psycopg2.connect(superuser)) as conn, conn.cursor() as cursor:
        conn.autocommit = True
        with careless(cursor), without_indexes(cursor, _FILLED):
            _copy(cursor, owner, leads, workspaces)
        # Outside a transaction: what is read afterwards needs no look at rows to know that they are there.
        cursor.execute(f"vacuum (analyze) {', '.join(_FILLED)}")
        cursor.execute("checkpoint")
        cursor.execute("select count(*) from leads where workspace_id = %s", [str(owner.workspace_id)])
        return int(cursor.fetchone()[0])


def _copy(cursor: Cursor, owner: Person, leads: int, workspaces: int) -> None:
    values = {"mine": owner.workspace_id, "owner": owner.id, "one_in": workspaces}
    cursor.execute(_PREPARED.format(**values))
    cursor.execute("select count(*) from template")
    copies = -(-leads // int(cursor.fetchone()[0]))
    values |= {"copies": copies, **_columns(cursor)}
    for first in range(1, copies + 1, _AT_ONCE):
        last = min(first + _AT_ONCE - 1, copies)
        cursor.execute(f"begin; {_COPIED.format(**values, first=first, last=last)} commit;")
        if first == 1:
            # Later batches are planned by how many rows the first one made.
            cursor.execute("analyze companies")
    cursor.execute(_DONE)


def _columns(cursor: Cursor) -> dict[str, str]:
    """The columns that are copied as they are: all that no copy has for itself."""
    of = {"": ("leads", "t", _OF_LEADS), "campaign_": ("campaigns", "c", _OF_CAMPAIGNS)}
    of["job_"] = ("discovery_jobs", "j", _OF_JOBS)
    found: dict[str, str] = {}
    for prefix, (table, alias, own) in of.items():
        kept = columns_beside(cursor, table, own)
        found[f"{prefix}columns"] = ", ".join(kept)
        found[f"{prefix}values"] = ", ".join(f"{alias}.{name}" for name in kept)
    return found


def columns_beside(cursor: Cursor, table: str, own: Sequence[str]) -> list[str]:
    """The columns of a table that are written, without these."""
    cursor.execute(
        "select column_name from information_schema.columns"
        " where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' and column_name <> all(%s)",
        [table, list(own)],
    )
    return [str(name) for (name,) in cursor.fetchall()]


@contextmanager
def careless(cursor: Cursor) -> Iterator[None]:
    """No trigger runs in this session, and nothing is forced to the disk meanwhile."""
    for setting in _SESSION:
        cursor.execute(f"set {setting}")
    for setting in _SERVER:
        cursor.execute(f"alter system set {setting}")
    cursor.execute("select pg_reload_conf()")
    yield
    cursor.execute("alter system reset all")
    cursor.execute("select pg_reload_conf()")


@contextmanager
def without_indexes(cursor: Cursor, tables: Sequence[str]) -> Iterator[None]:
    """Indexes that hold no constraint are dropped, and built at the end."""
    cursor.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i"
        " where i.indrelid::regclass::text = any(%s)"
        " and not exists (select from pg_constraint c where c.conindid = i.indexrelid)",
        [list(tables)],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"drop index {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
