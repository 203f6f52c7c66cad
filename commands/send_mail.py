"""The mails that are due."""

from __future__ import annotations

import typer

from commands._failures import told_plainly


def send_mail() -> None:
    """Send the mails that are due now and say what came of each. Workers do this by themselves within seconds."""
    import settings
    from jobs import notifications
    from store.database import DatabaseError, DatabaseNotConfigured

    known = (settings.SettingsError, DatabaseNotConfigured, DatabaseError)
    with told_plainly(*known, notifications.MailIsOff):
        for line in notifications.send_due():
            typer.echo(line)
