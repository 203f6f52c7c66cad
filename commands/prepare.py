"""What ``run`` does between the start of the databases and the first page."""

from __future__ import annotations

from commands._failures import told_plainly


def prepare() -> None:
    """Wait for the databases, create the schema and load the open data that comes along."""
    import settings
    from embedded import first_start
    from embedded.errors import CannotStart
    from store.database import DatabaseNotConfigured
    from store.migrate import CannotMigrate
    from store.readiness import NotReady

    configuration = (settings.SettingsError, DatabaseNotConfigured)
    with told_plainly(*configuration, CannotStart, CannotMigrate, NotReady):
        first_start.prepare()
