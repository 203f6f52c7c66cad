"""Make a started installation usable: owner role, schema, open data."""

from __future__ import annotations

from collections.abc import Iterator

from embedded.installation import this_installation
from jobs import queue
from services import catalogue, places
from store import migrate, readiness, schema_version
from store.database import DatabaseNotConfigured, Role, owner_url

_REDIS_S = 5


def prepare() -> Iterator[str]:
    """Do what is still to do; yields a line on each for people.

    Raises CannotStart, CannotMigrate, DatabaseNotConfigured, NotReady, RedisNotReady, SettingsError and Invalid, each
    with a sentence for the person at the terminal.
    """
    installation = this_installation()
    if installation.postgres:
        if installation.is_new:
            raise DatabaseNotConfigured
        installation.postgres.bootstrap()
    if not installation.redis:
        owner_url()
        queue.wait_until_ready(_REDIS_S)
    before = migrate.upgrade()
    readiness.check(Role.WEB)
    yield f"The schema is at {schema_version.NEWEST}{'' if before == schema_version.NEWEST else ' now'}."
    if places.ensure_worked_out():
        yield "The places that can be named were worked out again."
    added = catalogue.ensure_first_fill()
    yield (
        f"{added:,} places that come with ProspectPro were loaded."
        if added
        else "Its open data is loaded already."
    )
