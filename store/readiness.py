"""Refuse to run on a database that would not keep people apart, and wait for one that is being made."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from store import migrate
from store.database import DatabaseNotConfigured, Role, engine

# Open data and bookkeeping without a tenant; every other table must force row-level security.
TENANT_FREE = frozenset({"alembic_version", "places", "place_imports", "localities", "place_category_counts"})
# uuid and merge support aside, security_invoker views and SET grants of roles need this release.
OLDEST_POSTGRES = 160000


class NotReady(Exception):
    """The database cannot be used; the message says what to do."""


def check(role: Role) -> None:
    """Raise NotReady unless schema, role and row-level security are as the design demands."""
    with engine(role).connect() as conn:
        _check_version(conn)
        _check_role(conn)
        _check_schema(conn)
        _check_tables(conn)


def wait_until_ready(role: Role, timeout_s: float) -> None:
    """Return once ``check`` passes; raises NotReady with the last reason after ``timeout_s``."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return check(role)
        except (OperationalError, ProgrammingError, NotReady, DatabaseNotConfigured) as error:
            if time.monotonic() > deadline:
                raise NotReady(f"The database is not ready: {str(error).splitlines()[0]}") from error
        time.sleep(0.1)


def _check_version(conn: Connection) -> None:
    version = conn.execute(sa.text("select current_setting('server_version_num')::int")).scalar_one()
    if version < OLDEST_POSTGRES:
        raise NotReady("ProspectPro needs Postgres 16 or newer; upgrade the server DATABASE_URL names.")


def _check_role(conn: Connection) -> None:
    powers = conn.execute(
        sa.text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
    ).scalar_one()
    if powers:
        raise NotReady(
            "The application is connected as a role that ignores row-level security;"
            " connect as the pp_ roles that `manage.py migrate` creates."
        )


def _check_schema(conn: Connection) -> None:
    exists = conn.execute(sa.text("select to_regclass('alembic_version') is not null")).scalar_one()
    found = conn.execute(sa.text("select version_num from alembic_version")).scalar() if exists else None
    if found != migrate.head():
        raise NotReady(
            f"The database is at schema {found or 'none'}, this version needs {migrate.head()};"
            " run `manage.py migrate`."
        )


def _check_tables(conn: Connection) -> None:
    open_tables = conn.execute(
        sa.text("""
            select relname, relkind, pg_has_role(current_user, relowner, 'member') as owned
            from pg_class
            where relnamespace = 'public'::regnamespace
                and (
                    (relkind in ('r', 'p') and not relforcerowsecurity)
                    or (relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false))
                    or (relkind in ('r', 'p') and pg_has_role(current_user, relowner, 'member'))
                )
        """)
    ).all()
    wrong = sorted(row.relname for row in open_tables if row.owned or row.relname not in TENANT_FREE)
    if wrong:
        raise NotReady(f"Row-level security is not forced on: {', '.join(wrong)}; run `manage.py migrate`.")
