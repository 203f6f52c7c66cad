"""What has to be looked after now and then."""

from __future__ import annotations

import typer


def housekeep() -> None:
    """Do every regular duty now: see whether the live map can be reached, remove what must not be kept, let go of mails
    nobody can send, check the sums. Workers do this by themselves."""
    from jobs import duties

    for line in duties.run_all():
        typer.echo(line)
