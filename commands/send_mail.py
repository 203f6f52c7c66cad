"""The mails that are due."""

from __future__ import annotations

import typer


def send_mail() -> None:
    """Send the mails that are due now and say what came of each. Workers do this by themselves within seconds."""
    from jobs import notifications

    said = 0
    for said, line in enumerate(notifications.send_due(), start=1):  # noqa: B007 - counts them as well
        typer.echo(line)
    if not said:
        typer.echo("No mail is due.")
