"""How long a command that goes on running waits for the servers it needs, and how it says that it waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

_SHORT_S = 10
Wait = Annotated[
    int, typer.Option("--wait", min=0, max=3600, help="Seconds to wait for the servers before giving up.")
]


def waiting(wait_s: float) -> Callable[[str], None]:
    """What to do with the first reason to wait: a wait of seconds ends with it, a longer one begins with it as well."""
    return lambda reason: (
        say(f"Waiting for up to {wait_s:g} seconds. {reason}") if wait_s > _SHORT_S else None
    )


def say(sentence: str) -> None:
    """Tell the person at the terminal, or the log, what this command is waiting for or found."""
    typer.echo(sentence, err=True)
