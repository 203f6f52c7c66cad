"""A campaign that was ordered before, from the terminal."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from commands._watching import Csv, Json, Out, Preset, User, Workspace, ask_elsewhere, watching


def follow(  # noqa: PLR0913 - one parameter for each word of the command
    ctx: typer.Context,
    campaign_id: Annotated[UUID, typer.Argument(help="What `campaign` said when it ordered.")],
    user: User = "",
    workspace: Workspace = "",
    csv: Csv = None,
    out: Out = None,
    preset: Preset = "",
    as_json: Json = False,
) -> None:
    """Watch a campaign until it ends, and say how it did; one that has ended already is told at once.

    Exit codes are those of `campaign`. Ctrl-C stops the campaign.
    """
    ask_elsewhere("follow", ctx.params)
    with watching(user, workspace) as person:
        from commands import _following as following
        from commands._files import wanted_files

        files = wanted_files(person, csv, out, preset)
        code = following.told(person, following.follow(person, campaign_id), files, as_json)
    raise typer.Exit(code)
