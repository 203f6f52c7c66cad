"""The newest schema."""

from __future__ import annotations

from commands._failures import told_plainly


def migrate() -> None:
    """Create the database roles and bring the schema to the newest version."""
    import settings
    from store import migrate as schema
    from store.database import DatabaseNotConfigured

    with told_plainly(settings.SettingsError, DatabaseNotConfigured, schema.CannotMigrate):
        schema.upgrade()
