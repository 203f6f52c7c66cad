"""What the commands that watch a campaign share: their options, who asks, and how they end without an answer."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from commands._waiting import waiting

if TYPE_CHECKING:
    from services.identity import Person

User = Annotated[
    str, typer.Option("--user", help="E-mail of the account; not needed when there is only one.")
]
Workspace = Annotated[
    str,
    typer.Option("--workspace", help="Name of the workspace; not needed for the first one of the account."),
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write the leads to this file as CSV.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write the leads to this file; its ending chooses the format.")
]
Preset = Annotated[
    str,
    typer.Option(
        "--preset",
        help="Write --out with the columns of a preset: hubspot and others, or a name the workspace saved.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result and the leads as JSON.")]
_DATABASE_S, _LOCKED_OUT_S = 30, 3
URL_VARIABLE = "PROSPECTPRO_URL"
"""The environment variable that names an installation on another machine."""


def ask_elsewhere(command: Literal["campaign", "follow", "plan"], words: Mapping[str, Any]) -> None:
    """Where an installation on another machine is named, ask it, and end the command with what came of it."""
    if os.environ.get(URL_VARIABLE, "").strip():
        from commands import _remote as remote

        raise typer.Exit(getattr(remote, command)(words))


@contextmanager
def watching(email: str, workspace: str) -> Iterator[Person]:
    """The person of this address, or the only one there is, at work in the workspace of that name, while the database
    may pause. LostSight ends the command with its sentence and a code of its own."""
    from commands import _following as following
    from commands import _patience as patience
    from commands._order import person_of
    from store import interruptible, readiness
    from store.database import Role

    interruptible.allow_interrupts(patience.ANSWER_S)
    readiness.wait_until_ready(Role.WEB, _DATABASE_S, waiting(_DATABASE_S), _LOCKED_OUT_S)
    try:
        with interruptible.heard_at_waits():
            yield patience.through_pauses(lambda: person_of(email, workspace), "Nothing was ordered.")
    except patience.LostSight as error:
        patience.say(str(error))
        raise typer.Exit(following.LOST_SIGHT) from None
