"""Refuse to run on a database that would not keep people apart, and wait for one that is being made."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import place_imports, schema_version
from store.database import DatabaseError, Role, engine, in_short
from store.role_names import named
from store.roles import is_of_another_secret

# Open data and bookkeeping without a tenant; every other table must force row-level security.
TENANT_FREE = frozenset(
    {"alembic_version", "places", "place_imports", "localities", "place_category_counts", "place_kinds"}
)


EMPTY_CATALOGUE = (
    "The catalogue of open data is empty, so nothing can be found in it. Run `manage.py prepare` to load the businesses"
    " that come with ProspectPro, or `manage.py import-osm` for a city of your own."
)


class NotReady(Exception):
    """The database cannot be used; the message says what to do."""


class WrongSecret(NotReady):
    """This process works with another APP_SECRET than the database was prepared with."""

    def __init__(self) -> None:
        super().__init__(
            "APP_SECRET is not the one the database's roles were made with. Set that one on every host; if it was"
            " changed on purpose, run `manage.py migrate --new-secret` and restart every process."
        )


class TooOld(NotReady):
    """The server is of a release that ProspectPro does not work with."""


def check(role: Role) -> None:
    """Raise NotReady unless schema, role and row-level security are as the design demands."""
    with engine(role).connect() as conn:
        _check_version(conn)
        _check_role(conn)
        check_secret(conn)
        _check_schema(conn)
        _check_tables(conn)


def wait_until_ready(
    role: Role,
    timeout_s: float,
    say: Callable[[str], None] = lambda _reason: None,
    locked_out_s: float = math.inf,
) -> None:
    """Return once ``check`` passes; raises NotReady with the last reason after ``timeout_s``, or ``locked_out_s`` when
    the server is there and does not let us in: whoever waits for a database to be prepared waits for its roles.

    ``say`` is told the first reason to wait. What no waiting mends is raised at once: DatabaseNotConfigured,
    SettingsError, TooOld.
    """
    since_s = time.monotonic()
    is_first = True
    while True:
        try:
            return check(role)
        except TooOld:
            raise
        except (DatabaseError, NotReady) as error:
            reason = str(error) if isinstance(error, NotReady) else refusal(role, error)
            most_s = min(timeout_s, locked_out_s) if _is_locked_out(error) else timeout_s
            if time.monotonic() - since_s > most_s:
                raise NotReady(reason) from error
        if is_first:
            say(reason)
        is_first = False
        time.sleep(0.1)


def empty_catalogue(role: Role) -> str | None:
    """Says that the catalogue is empty and what fills it; None when it is not."""
    with engine(role).connect() as conn:
        return catalogue_is_empty(conn)


def catalogue_is_empty(conn: Connection) -> str | None:
    """The same, on a connection that is there."""
    return None if place_imports.any_places(conn) else EMPTY_CATALOGUE


def check_secret(conn: Connection) -> None:
    """Raise WrongSecret when other processes of this installation work with another APP_SECRET."""
    if is_of_another_secret(conn):
        raise WrongSecret


def refuses_login(error: DatabaseError) -> bool:
    """Whether the server answered that it does not let this role in. One that speaks another language than English is
    not understood, and counts as away."""
    said = in_short(error)
    return "password authentication failed" in said or ("role " in said and "does not exist" in said)


def _is_locked_out(error: DatabaseError | NotReady) -> bool:
    return isinstance(error, WrongSecret) or (isinstance(error, DatabaseError) and refuses_login(error))


def refusal(role: Role, error: DatabaseError) -> str:
    """Why a role does not get in, and what to look at."""
    return (
        f"The database does not let {named(role)} in ({in_short(error)}). See that the server in DATABASE_URL runs,"
        " that `manage.py migrate` has been run, and that APP_SECRET and ROLE_PREFIX are the same as then."
    )


def _check_version(conn: Connection) -> None:
    if (
        int(conn.execute(sa.text("select current_setting('server_version_num')")).scalar_one())
        < schema_version.OLDEST_POSTGRES
    ):
        raise TooOld(schema_version.TOO_OLD)


def _check_role(conn: Connection) -> None:
    powers = conn.execute(
        sa.text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
    ).scalar_one()
    if powers:
        raise NotReady(
            "The application is connected as a role that ignores row-level security;"
            " connect as the roles that `manage.py migrate` creates."
        )


def _check_schema(conn: Connection) -> None:
    found = schema_version.current(conn)
    if found != schema_version.NEWEST:
        raise NotReady(
            f"The database is at schema {found or 'none'}, this version needs {schema_version.NEWEST};"
            " run `manage.py migrate`."
        )


def _check_tables(conn: Connection) -> None:
    open_tables = conn.execute(
        sa.text("""
            select relname, relkind, pg_has_role(current_user, relowner, 'member') as owned
            from pg_class
            where relnamespace = 'public'::regnamespace
                and (
                    (relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity))
                    or (relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false))
                    or (relkind in ('r', 'p') and pg_has_role(current_user, relowner, 'member'))
                )
        """)
    ).all()
    wrong = sorted(row.relname for row in open_tables if row.owned or row.relname not in TENANT_FREE)
    if wrong:
        raise NotReady(f"Row-level security is not forced on: {', '.join(wrong)}; run `manage.py migrate`.")
