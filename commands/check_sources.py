"""Look up which live sources can be reached."""

from __future__ import annotations

import typer

from commands._failures import told_plainly


def check_sources() -> None:
    """Look up whether the live map can be reached, and note it for the pages. Workers do this every five minutes."""
    import settings
    from jobs import reachability
    from store.database import DatabaseError, DatabaseNotConfigured

    with told_plainly(settings.SettingsError, DatabaseNotConfigured, DatabaseError):
        answers = reachability.check()
    typer.echo(f"The live map {'answers' if answers else 'cannot be reached'}.")
