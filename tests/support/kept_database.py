"""One database for one test after another: a copy costs more than most tests, and so do connections that know nothing.

Between two tests all rows go but those the schema brings, and every connection ends that is not at rest in a pool of
this process. The database of a test that changed anything but rows, as a trigger or a statistic, is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import connection as PgConnection
from sqlalchemy import event
from sqlalchemy.pool import Pool

from embedded.postgres import Postgres
from store import database as store_database
from tests.support.servers import Database, cloned

# Beyond this a table is truncated, which costs more than deleting some rows, and leaves no dead ones to be read. Its
# indexes do not count: with a row in each they are as large.
_BIG_BYTES = 128 * 1024
_OURS = "n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'"
_SCHEMA = f"""
select md5(concat_ws('|',
  (select string_agg(concat_ws(',', c.oid, relname, relowner, relacl, relrowsecurity, relforcerowsecurity,
     reloptions), ';'
     order by c.oid)
   from pg_class c join pg_namespace n on n.oid = relnamespace where {_OURS}),
  (select concat_ws(',', count(*), sum(a.xmin::text::bigint))
   from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace where {_OURS}),
  (select string_agg(concat_ws(',', p.oid, p.xmin), ';' order by p.oid)
   from pg_proc p join pg_namespace n on n.oid = pronamespace where {_OURS}),
  (select string_agg(concat_ws(',', oid, xmin), ';' order by oid) from pg_trigger),
  (select string_agg(concat_ws(',', oid, xmin), ';' order by oid) from pg_policy),
  (select string_agg(concat_ws(',', oid, xmin), ';' order by oid) from pg_constraint),
  (select string_agg(concat_ws(',', oid, xmin), ';' order by oid) from pg_namespace),
  (select string_agg(concat_ws(',', starelid, staattnum, xmin), ';' order by starelid, staattnum)
   from pg_statistic where starelid >= 16384),
  (select string_agg(setconfig::text, ';') from pg_db_role_setting),
  (select datacl::text from pg_database where datname = current_database())))
"""
_TABLES = (
    "select quote_ident(n.nspname) || '.' || quote_ident(relname) from pg_class c"
    f" join pg_namespace n on n.oid = relnamespace where relkind = 'r' and {_OURS} order by 1"
)
_STRANGERS = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
  and (not pid = any(%s) or state <> 'idle' or pid in (select pid from pg_locks where locktype = 'advisory'))
"""


class _MoreThanRows(Exception):
    """A test changed more than rows."""


class KeptDatabase:
    """The database that the tests of a process get one after another."""

    def __init__(self, server: Postgres, template: str) -> None:
        self._server, self._template = server, template
        # The connections that pools of this process made, by their process on the server.
        self._pooled: set[int] = set()
        self._held = ExitStack()
        self._emptied: _Emptied | None = None

    @contextmanager
    def kept(self) -> Iterator[KeptDatabase]:
        """Watch the pools of this process, and leave nothing at the end."""
        event.listen(Pool, "connect", self._connected)
        try:
            yield self
        finally:
            self._throw_away()
            event.remove(Pool, "connect", self._connected)

    @contextmanager
    def lent(self) -> Iterator[Database]:
        """An empty, migrated database."""
        if self._emptied is None:
            self._emptied = self._made()
        try:
            yield self._emptied.database
        finally:
            try:
                self._emptied.empty(list(self._pooled))
            except (psycopg2.Error, _MoreThanRows):
                self._throw_away()

    def _made(self) -> _Emptied:
        self._forget_pools()
        database = self._held.enter_context(cloned(self._server, self._template))
        return _Emptied(database, self._held.enter_context(closing(psycopg2.connect(database.superuser_url))))

    def _throw_away(self) -> None:
        self._forget_pools()
        self._emptied = None
        self._held.close()

    def _forget_pools(self) -> None:
        store_database.dispose()
        self._pooled.clear()

    def _connected(self, connection: PgConnection, *_: object) -> None:
        self._pooled.add(connection.info.backend_pid)

    def forget_others(self) -> None:
        """Pools of another server, another secret or another database, as a test before may have made them."""
        if any(
            store_database.engine(role).url != store_database.url_for(role) for role in store_database.Role
        ):
            self._forget_pools()


class _Emptied:
    """A database, and how it is brought back to what it was."""

    def __init__(self, database: Database, connection: PgConnection) -> None:
        self.database = database
        self._cursor = connection.cursor()
        connection.autocommit = True
        # Rows go whatever triggers, references and append-only tables say; a lock that stays is a test's mistake.
        self._cursor.execute("set session_replication_role = replica; set lock_timeout = '5s'")
        self._tables = [name for (name,) in self._rows(_TABLES)]
        self._brought = [name for name in self._tables if self._rows(f"select 1 from {name} limit 1")]
        for number, name in enumerate(self._brought):
            self._cursor.execute(f"create temporary table brought_{number} as table {name}")
        self._sequences = self._rows(
            "select format('%I.%I', schemaname, sequencename), last_value from pg_sequences"
        )
        self._schema = self._rows(_SCHEMA)
        # Most tests fill a few tables. Prepared, as planning this takes longer than looking.
        filled = (
            f"select '{name}' as name where exists (select from {name}) or pg_relation_size('{name}') > {_BIG_BYTES}"
            for name in self._tables
        )
        self._cursor.execute(f"prepare filled as {' union all '.join(filled)}")

    def empty(self, pooled: list[int]) -> None:
        """Only what the schema brings is left, and no connection but those of ``pooled`` that are at rest.

        Raises _MoreThanRows and psycopg2.Error.
        """
        self._cursor.execute(_STRANGERS, (pooled,))
        if self._rows(_SCHEMA) != self._schema:
            raise _MoreThanRows
        filled = [name for (name,) in self._rows("execute filled")]
        sizes = self._rows(
            f"select name, pg_relation_size(name) from unnest(array{filled}::text[]) as t(name)"
        )
        big = [name for name, size in sizes if size > _BIG_BYTES]
        steps = [f"delete from {name}" for name in filled if name not in big]
        steps += [f"truncate {', '.join(big)} cascade"] if big else []
        steps += [f"insert into {name} table brought_{number}" for number, name in enumerate(self._brought)]
        for name, value in self._sequences:
            steps.append(f"select setval('{name}', {value or 1}, {value is not None})")
        self._cursor.execute(";".join(["begin", *steps, "commit"]))

    def _rows(self, asked: str) -> list[Any]:
        self._cursor.execute(asked)
        return list(self._cursor.fetchall())
