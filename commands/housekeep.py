"""What has to be looked after now and then."""

from __future__ import annotations

import typer

from commands._failures import told_plainly


def housekeep() -> None:
    """See whether the live map can be reached, remove what must not be kept, let go of mails nobody can send, check
    the sums. Workers do this by themselves every five minutes."""
    import settings
    from jobs import housekeeping
    from store.database import DatabaseError, DatabaseNotConfigured

    with told_plainly(settings.SettingsError, DatabaseNotConfigured, DatabaseError):
        for line in housekeeping.run():
            typer.echo(line)
