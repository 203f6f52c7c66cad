"""A campaign from the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from commands import _plugins as plugins
from commands._order import (
    Budget,
    ByName,
    Confidence,
    Customers,
    Independents,
    Known,
    Location,
    Max,
    MustHave,
    MustNot,
    NiceToHave,
    Only,
    Radius,
    Reach,
    Sources,
    Types,
    Waterfall,
)
from commands._watching import Csv, Json, Out, Preset, User, Workspace, ask_elsewhere, watching

OwnList = Annotated[
    Path | None,
    typer.Option(
        "--list",
        help="Look up the companies of a CSV or Excel file (.xlsx) with titles, in place of types and a location.",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="What a column of --list is where its title does not tell, such as 'email=Mail', once for each; with"
        " nothing after the sign the list has no such column.",
    ),
]
Name = Annotated[str, typer.Option("--name", help="What --list is called; as its file, unless given.")]
Country = Annotated[
    str, typer.Option("--country", help="Country of rows of --list that name none, such as FI.")
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Say what is in --list and what its campaign would take; order nothing."),
]


def campaign(  # noqa: PLR0913 - one parameter for each word of the command, read from the context
    ctx: typer.Context,
    business_types: Types = "",
    location: Location = "",
    max_results: Max = None,
    budget: Budget = None,
    min_confidence: Confidence = None,
    min_reach: Reach = None,
    independents_only: Independents = False,
    only: Only = "",
    known: Known = "",
    customers: Customers = "",
    radius_km: Radius = None,
    sources: Sources = "",
    waterfall: Waterfall = "",
    by_name: ByName = "",
    must_have: MustHave = None,
    nice_to_have: NiceToHave = None,
    must_not: MustNot = None,
    own_list: OwnList = None,
    columns: Columns = None,
    name: Name = "",
    country: Country = "",
    dry_run: DryRun = False,
    user: User = "",
    workspace: Workspace = "",
    csv: Csv = None,
    out: Out = None,
    preset: Preset = "",
    as_json: Json = False,
) -> None:
    """Order a campaign from the running installation and wait for its end.

    Exit codes: 0 completed, 1 refused, 3 partial, 4 failed, 5 stopped, 6 lost sight of it. Ctrl-C stops the campaign.
    """
    plugins.load()
    ask_elsewhere("campaign", ctx.params)
    _carry_out(ctx.params, user, workspace)


def _carry_out(words: Mapping[str, Any], user: str, workspace: str) -> NoReturn:
    with watching(user, workspace) as person:
        from commands._ordering import carried_out

        raise typer.Exit(carried_out(person, words))
