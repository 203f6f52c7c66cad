"""A campaign from the terminal."""

from __future__ import annotations

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
    Radius,
    Reach,
    Sources,
    Types,
    Waterfall,
    spec_of,
)
from commands._watching import Csv, Json, Out, Preset, User, Workspace, watching


def campaign(  # noqa: PLR0913 - one parameter for each word of the command, read from the context
    ctx: typer.Context,
    business_types: Types,
    location: Location,
    max_results: Max = None,
    budget: Budget = None,
    min_confidence: Confidence = None,
    min_reach: Reach = None,
    independents_only: Independents = False,
    known: Known = "",
    customers: Customers = "",
    radius_km: Radius = None,
    sources: Sources = "",
    waterfall: Waterfall = "",
    by_name: ByName = "",
    user: User = "",
    workspace: Workspace = "",
    csv: Csv = None,
    out: Out = None,
    preset: Preset = "",
    as_json: Json = False,
) -> None:
    """Order a campaign from the running installation and wait for its end.

    Exit codes: 0 completed, 1 refused, 3 partial, 4 failed, 5 stopped, 6 lost sight of it, so that `follow` has to
    look for it. Ctrl-C stops the campaign.
    """
    plugins.load()
    with watching(user, workspace) as person:
        from commands import _following as following
        from commands._files import wanted_files
        from store.ids import new_id

        spec = spec_of(ctx.params)
        files = wanted_files(person, csv, out, preset)
        following.understood(spec)
        following.bounded(person)
        view = following.follow(person, following.ordered(person, spec, f"terminal-{new_id()}"))
        code = following.told(person, view, files, as_json)
    raise typer.Exit(code)
