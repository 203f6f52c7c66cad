"""Keys and the mail server, as they were set in the interface."""

from __future__ import annotations

from typing import Final

from settings import SettingsError
from store import in_force, installation_secrets
from store.database import DatabaseError, DatabaseNotConfigured, Role, transaction

UNREADABLE: Final = "It was set under another APP_SECRET and cannot be read, so it counts as not set."
SET_AGAIN: Final = "Set it again on the page Providers, remove it there, or bring the APP_SECRET back."


def unreadable() -> frozenset[str]:
    """Whose values cannot be read any more; none where that cannot be looked up."""
    try:
        with transaction(Role.WEB) as conn:
            found = installation_secrets.subjects(conn)
    except (DatabaseError, DatabaseNotConfigured, SettingsError):
        return frozenset()
    return frozenset(subject for subject, is_readable in found.items() if not is_readable)


def present(*, knows: bool) -> frozenset[str]:
    """The settings of providers that have a value; ``knows``: what was set in the interface can be looked up."""
    try:
        return in_force.names(in_force.subjects(Role.WEB) if knows else ())
    except DatabaseError:
        return in_force.names(())
