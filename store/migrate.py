"""Bring the database to the newest schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError, ProgrammingError

import settings
from store.database import owner_url
from store.roles import ensure_roles

# Two installations that start together must not migrate together.
_LOCK_KEY = 5_277_460_001


class CannotMigrate(Exception):
    """The database is away or refuses what the schema needs; the message says which right is missing."""


def alembic_config() -> Config:
    """Alembic pointed at ``migrations/``; the connection is handed over by ``upgrade``."""
    config = Config()
    config.set_main_option("script_location", str(settings.PROJECT_ROOT / "migrations"))
    return config


def head() -> str:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def upgrade() -> None:
    """Create the roles and apply every missing migration, in one transaction; raises CannotMigrate."""
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    try:
        with engine.begin() as conn:
            conn.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            ensure_roles(conn)
            config = alembic_config()
            config.attributes["connection"] = conn
            command.upgrade(config, "head")
    except OperationalError as error:
        detail = str(error.orig).strip().splitlines()[0]
        raise CannotMigrate(f"The database does not answer ({detail}). Check DATABASE_URL.") from error
    except ProgrammingError as error:
        detail = str(error.orig).strip().splitlines()[0]
        raise CannotMigrate(
            f"The database refused a migration ({detail}). DATABASE_URL must name a role that owns the"
            " database and may create roles."
        ) from error
