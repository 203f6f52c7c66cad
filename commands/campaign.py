"""A campaign from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import _plugins as plugins
from commands._failures import told_plainly
from commands._order import (
    Budget,
    Confidence,
    Location,
    Max,
    Radius,
    Sources,
    Types,
    User,
    Waterfall,
    person_of,
    spec_of,
)

if TYPE_CHECKING:
    from uuid import UUID

    from pipeline.campaign import CampaignSpec
    from services.identity import Person

Csv = Annotated[Path | None, typer.Option("--csv", help="Write the leads to this file as CSV.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write the leads to this file; its ending chooses the format.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result and the leads as JSON.")]


def campaign(  # noqa: PLR0913 - one parameter for each word of the command
    business_types: Types,
    location: Location,
    max_results: Max = None,
    budget: Budget = None,
    min_confidence: Confidence = None,
    radius_km: Radius = None,
    sources: Sources = "",
    waterfall: Waterfall = "",
    user: User = "",
    csv: Csv = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Order a campaign from the running installation and wait for its end.

    Exit codes: 0 completed, 1 refused, 3 partial, 4 failed, 5 stopped. Ctrl-C stops the campaign.
    """
    import settings
    from store import readiness
    from store.database import Role

    with told_plainly(settings.SettingsError, readiness.NotReady, OSError):
        plugins.load()
        readiness.wait_until_ready(Role.WEB, 2)
        spec = spec_of(
            business_types, location, max_results, budget, min_confidence, radius_km, sources, waterfall
        )
        files = _files(csv, out)
        code = _run(person_of(user), spec, files, as_json)
    raise typer.Exit(code)


def _files(csv: Path | None, out: Path | None) -> dict[Path, str]:
    """Where to write the leads, with the key of the format; wrong wishes are told before anything is ordered."""
    from pipeline.output.export_formats import by_extension, formats
    from services.errors import Invalid

    files = {csv: "csv"} if csv else {}
    if out:
        format = by_extension(out.suffix)
        if format is None:
            known = ", ".join(f".{known.extension}" for known in formats().values())
            raise Invalid({"out": f"{out.name} names no format by its ending. There are {known}."})
        files[out] = format.key
    for path in files:
        if not path.absolute().parent.is_dir():
            raise Invalid(f"There is no folder {path.absolute().parent} to write {path.name} to.")
    return files


def _run(person: Person, spec: CampaignSpec, files: dict[Path, str], as_json: bool) -> int:
    from commands import _following as following
    from services import exporting
    from services.results import LeadFilter, LeadSort
    from store.ids import new_id

    view = following.follow(person, _ordered(person, spec, f"terminal-{new_id()}"))
    if as_json:
        typer.echo(json.dumps(following.as_json(person, view), ensure_ascii=False, indent=2))
    else:
        typer.echo(following.in_words(view))
    for path, format in files.items():
        file = exporting.export(person, view.id, LeadFilter(), LeadSort.CONFIDENCE, format)
        path.write_bytes(file.data)
        typer.echo(f"{file.rows:,} leads written to {path}", err=as_json)
    return following.EXIT_CODES[view.status]


def _ordered(person: Person, spec: CampaignSpec, key: str) -> UUID:
    from services import campaigns

    try:
        return campaigns.submit(person, spec, key)
    except KeyboardInterrupt:
        # The order may stand already: the same key finds it, so that it can be stopped.
        campaign_id = campaigns.submit(person, spec, key)
        campaigns.cancel(person, campaign_id)
        return campaign_id
