"""What has to be looked after now and then."""

from __future__ import annotations

import typer


def housekeep() -> None:
    """See whether the live map can be reached, remove what must not be kept, let go of mails nobody can send, check
    the sums. Workers do this by themselves every five minutes."""
    from jobs import housekeeping

    for line in housekeeping.run():
        typer.echo(line)
