"""What a backup has to know of its database, and what a restored one needs of its owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url

from store import schema_version
from store.database import as_url
from store.role_names import Role, named, renamed
from store.roles import marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A database as it is. ``sees_all``: its rows are not hidden from whoever asks; ``mark`` tells by which APP_SECRET
    it was prepared, and nothing about that."""

    user: str
    sees_all: bool
    schema: str
    clock: datetime
    postgres: str
    mark: str


@dataclass(frozen=True, slots=True)
class Address:
    """A database for programs of Postgres: what may stand in a list of processes, and what may not."""

    shown: str
    password: str


def backup_address(url: str = "") -> Address:
    """Of ``url``, or else of DATABASE_URL_BACKUP. Raises DatabaseNotConfigured and SettingsError."""
    return _address(url, "database_url_backup")


def owner_address() -> Address:
    """Of DATABASE_URL. Raises DatabaseNotConfigured and SettingsError."""
    return _address("", "database_url")


def _address(url: str, setting: str) -> Address:
    found = make_url(url) if url else as_url(setting)
    shown = URL.create(
        "postgresql", found.username, None, found.host, found.port, found.database, found.query
    )
    return Address(shown.render_as_string(), str(found.password or ""))


def source(address: Address) -> Source:
    """Ask the database. Raises DatabaseError."""
    with _connected(address) as conn:
        row = conn.execute(
            sa.text("""
                select rolname as user, clock_timestamp() as clock, current_setting('server_version') as postgres,
                    rolsuper or (rolbypassrls and pg_has_role(rolname, 'pg_read_all_data', 'usage')) as sees_all
                from pg_roles
                where rolname = current_user
            """)
        ).one()
        return Source(
            **row._mapping, schema=schema_version.current(conn), mark=marks(conn).get(named(Role.WEB)) or ""
        )


def is_in_use(address: Address) -> bool:
    """Whether the database holds tables already. Raises DatabaseError."""
    with _connected(address) as conn:
        return bool(schema_version.current(conn))


@contextmanager
def _connected(address: Address) -> Iterator[Connection]:
    args = {"password": address.password, "connect_timeout": 5}
    made = sa.create_engine(
        make_url(address.shown).set(drivername="postgresql+psycopg2"),
        poolclass=sa.NullPool,
        connect_args=args,
        hide_parameters=True,
    )
    with made.connect() as conn:
        yield conn


_CLEARED = """
do $$
begin
    execute (
        select coalesce(string_agg(statement, ';'), 'select 1')
        from (
            select format('drop table if exists %s cascade', oid::regclass) as statement
            from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
            union all
            select format('drop view if exists %s cascade', oid::regclass)
            from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'v'
            union all
            select format('drop routine if exists %s cascade', oid::regprocedure)
            from pg_proc
            where pronamespace = 'public'::regnamespace
        ) as s
    );
end
$$;
"""
# What belongs to a role is made by the owner and then given to it: for as long as that takes the owner has to act for
# the role, and the role to keep something in the schema.
_LENT = """
grant usage on schema public to pp_web, pp_worker, pp_system, pp_admin, pp_importer, pp_auth, pp_operator;
grant create on schema public to pp_auth;
grant pp_auth to current_user with inherit true, set true;
"""
_TAKEN_BACK = """
grant pp_auth to current_user with inherit false, set true;
revoke create on schema public from pp_auth;
"""


def before_restoring(*, replaces: bool) -> str:
    """What the owner has to run before the statements of a backup, in one transaction with them."""
    return (_CLEARED if replaces else "") + renamed(_LENT)


def after_restoring() -> str:
    """What the owner has to run after them."""
    return renamed(_TAKEN_BACK)
