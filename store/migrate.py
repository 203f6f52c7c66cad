"""Bring the database to the newest schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, ProgrammingError

import settings
from pipeline.billing.plans import as_the_database_keeps_them
from store import brief_fill, lead_filter_fill, open_week_fill
from store.database import FIRST_ADMIN, in_short, owner_url, secret_for
from store.role_names import AUTH_ROLE, Role, named, renamed
from store.roles import CannotMakeRoles, ensure_roles
from store.schema_version import OLDEST_POSTGRES, TOO_OLD, current
from store.sealing import VOUCHER

# Two installations that start together must not migrate together.
_LOCK_KEY = 5_277_460_001


class CannotMigrate(Exception):
    """The database is away or refuses what the schema needs; the message says which right is missing."""


def alembic_config() -> Config:
    """Alembic pointed at ``migrations/``; the connection is handed over by ``upgrade``."""
    config = Config()
    # Alembic takes "%" for the beginning of a variable.
    config.set_main_option("script_location", str(settings.PROJECT_ROOT / "migrations").replace("%", "%%"))
    return config


def owner_engine() -> Engine:
    """Connections of the owner, for migrations only."""
    made = sa.create_engine(
        owner_url(), poolclass=sa.NullPool, connect_args={"connect_timeout": 5}, hide_parameters=True
    )
    event.listen(
        made, "before_cursor_execute", lambda *given: (renamed(given[2]), given[3]), retval=True, named=False
    )
    return made


def upgrade(*, new_secret: bool = False) -> str:
    """Create the roles and apply every missing migration, in one transaction; returns the revision before, "" for none.

    ``new_secret`` allows APP_SECRET to be another one than the roles were made with. Raises CannotMigrate.
    """
    try:
        with owner_engine().begin() as conn:
            return _upgrade(conn, new_secret)
    except DBAPIError as error:
        raise CannotMigrate(_reason(error)) from error
    except CannotMakeRoles as error:
        raise CannotMigrate(str(error)) from error


def make_roles(*, new_secret: bool) -> None:
    """Create the roles alone, as a backup names them. Raises CannotMigrate."""
    try:
        with owner_engine().begin() as conn:
            _check_server(conn)
            ensure_roles(conn, is_ours=False, new_secret=new_secret)
    except DBAPIError as error:
        raise CannotMigrate(_reason(error)) from error
    except CannotMakeRoles as error:
        raise CannotMigrate(str(error)) from error


def knows(revision: str) -> bool:
    """Whether this version can bring a database of that schema to its own."""
    return revision in _known()


def _upgrade(conn: Connection, new_secret: bool) -> str:
    conn.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    _check_server(conn)
    before = current(conn)
    if before and before not in _known():
        raise CannotMigrate(
            f"The database is at schema {before}, which this version does not know: it was upgraded by a newer one."
            " Start the newer version, or restore the backup made before the upgrade."
        )
    if before:
        _check_names(conn)
    ensure_roles(conn, is_ours=bool(before), new_secret=new_secret)
    config = alembic_config()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    for added in (lead_filter_fill, open_week_fill, brief_fill):
        if before and before < added.SINCE:
            added.fill(conn)
    _keep_installation(conn)
    return before


def _keep_installation(conn: Connection) -> None:
    """What the database has to know of this installation to answer before anybody is known: the hashes of the key for
    the first administrator and of the one the application vouches by, a salt for the password parameters of accounts
    that do not exist, what guests may do, what the plans allow where plans are sold, and whether wallets are kept."""
    ours = settings.get()
    conn.exec_driver_sql(f"set local role {AUTH_ROLE}")
    statement = sa.text("""
        insert into installation (name, value)
        values ('first_admin', sha256(convert_to(:key, 'UTF8'))), ('salt', sha256(convert_to(:salt, 'UTF8'))),
            ('voucher', sha256(convert_to(:voucher, 'UTF8'))),
            ('guest_campaigns', convert_to(:guest_campaigns, 'UTF8')),
            ('guest_leads', convert_to(:guest_leads, 'UTF8')), ('guest_days', convert_to(:guest_days, 'UTF8')),
            ('guests_per_network', convert_to(:guests_per_network, 'UTF8')),
            ('plans', convert_to(:plans, 'UTF8')), ('wallet', convert_to(:wallet, 'UTF8'))
        on conflict (name) do update
        set value = excluded.value
    """)
    conn.execute(
        statement,
        {
            "key": secret_for(FIRST_ADMIN),
            "salt": secret_for("parameters of unknown accounts"),
            "voucher": secret_for(VOUCHER),
            "guest_campaigns": str(ours.guest_campaigns),
            "guest_leads": str(ours.guest_leads),
            "guest_days": str(ours.guest_days),
            "guests_per_network": str(ours.guests_per_network),
            "plans": as_the_database_keeps_them() if ours.sells_plans else "",
            "wallet": "on" if ours.keeps_wallets else "",
        },
    )
    conn.execute(sa.text("select billing_settle()"))
    if ours.sells_plans and not ours.is_test_of_stripe:
        conn.execute(sa.text("select wallets_end_test()"))
    conn.exec_driver_sql("reset role")


def _check_names(conn: Connection) -> None:
    """Policies would follow a role that is renamed, the texts of functions would not."""
    statement = sa.text("select exists (select from pg_policies where :web = any(roles))")
    if not conn.execute(statement, {"web": named(Role.WEB)}).scalar_one():
        raise CannotMigrate(
            f"The database was prepared with another ROLE_PREFIX: its roles are not called {named(Role.WEB)} and so on."
            " Set the one it was prepared with, which stays as long as the database does."
        )


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def _check_server(conn: Connection) -> None:
    if (
        int(conn.execute(sa.text("select current_setting('server_version_num')")).scalar_one())
        < OLDEST_POSTGRES
    ):
        raise CannotMigrate(TOO_OLD)
    encoding = conn.execute(sa.text("select current_setting('server_encoding')")).scalar_one()
    if encoding != "UTF8":
        raise CannotMigrate(
            f"The database keeps its text as {encoding}, which cannot hold every name. Create another one with"
            " ENCODING 'UTF8' TEMPLATE template0, and name it in DATABASE_URL."
        )


def _reason(error: DBAPIError) -> str:
    """Only an answer of the server has a code; without one there was no connection."""
    detail = in_short(error)
    if getattr(error.orig, "pgcode", None) is None:
        return f"No connection to the database ({detail}). Check DATABASE_URL."
    if isinstance(error, ProgrammingError):
        return (
            f"The database refused a migration ({detail}). DATABASE_URL must name a role that owns the database and"
            " may create roles."
        )
    return f"The database could not be migrated and is as it was before ({detail})."
