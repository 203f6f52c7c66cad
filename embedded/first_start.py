"""Make a started installation usable: owner role, schema, open data."""

from __future__ import annotations

from embedded.installation import this_installation
from services import catalogue
from store import migrate, readiness
from store.database import Role


def prepare() -> None:
    """Do what is still to do.

    Raises CannotStart, CannotMigrate, DatabaseNotConfigured, NotReady and Invalid, each with a sentence for
    the person at the terminal.
    """
    installation = this_installation()
    if installation.postgres:
        installation.postgres.bootstrap()
    migrate.upgrade()
    readiness.check(Role.WEB)
    catalogue.ensure_first_fill()
