"""How long a command that goes on running waits for the servers it needs, and how it says that it waits."""

from __future__ import annotations

from typing import Annotated

import typer

Wait = Annotated[
    int, typer.Option("--wait", min=0, max=3600, help="Seconds to wait for the servers before giving up.")
]


def say(sentence: str) -> None:
    """Tell the person at the terminal, or the log, what this command is waiting for or found."""
    typer.echo(sentence, err=True)
