"""A campaign from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import _plugins as plugins
from commands._failures import told_plainly

if TYPE_CHECKING:
    from uuid import UUID

    from pipeline.campaign import CampaignSpec
    from services.identity import Person

Types = Annotated[str, typer.Argument(help="Type of business; several are parted by commas.")]
Location = Annotated[str, typer.Argument(help="A place, or coordinates such as '60.17, 24.94'.")]
Max = Annotated[str, typer.Option("--max", help="How many leads, 1 to 1000.")]
Budget = Annotated[str, typer.Option("--budget", help="The most it may cost, in US dollars.")]
Confidence = Annotated[
    str, typer.Option("--min-confidence", help="The least confidence of a lead, 0 to 100.")
]
Radius = Annotated[str | None, typer.Option("--radius-km", help="Look this far around the place.")]
Sources = Annotated[
    str,
    typer.Option("--sources", help="Where to look, parted by commas; `manage.py providers` lists them."),
]
Waterfall = Annotated[
    str,
    typer.Option(
        "--waterfall", help="Look-ups in order, parted by commas; or none. `manage.py providers` lists them."
    ),
]
User = Annotated[
    str, typer.Option("--user", help="E-mail of the account; not needed when there is only one.")
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write the leads to this file as CSV.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write the leads to this file; its ending chooses the format.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result and the leads as JSON.")]


def campaign(  # noqa: PLR0913 - one parameter for each word of the command
    business_types: Types,
    location: Location,
    max_results: Max = "25",
    budget: Budget = "0",
    min_confidence: Confidence = "50",
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

    order: dict[str, object] = {
        "business_types": [part for part in business_types.split(",") if part.strip()],
        "location": location,
        "max_results": max_results,
        "budget_usd": budget,
        "min_confidence": min_confidence,
        "radius_km": radius_km,
    }
    with told_plainly(settings.SettingsError, readiness.NotReady, OSError):
        plugins.load()
        readiness.wait_until_ready(Role.WEB, 2)
        spec = _spec(order | _choices(sources, waterfall))
        files = _files(csv, out)
        code = _run(_person(user), spec, files, as_json)
    raise typer.Exit(code)


def _choices(sources: str, waterfall: str) -> dict[str, object]:
    """Sources and steps as typed, or what this installation has switched on by itself."""
    from services import providers

    default_sources, default_steps = providers.defaults()
    steps = () if waterfall.strip().casefold() in ("none", "off") else _words(waterfall) or default_steps
    return {"sources": _words(sources) or default_sources, "waterfall": steps}


def _words(typed: str) -> tuple[str, ...]:
    from pipeline.providers.registry import registry

    words = (word.strip().casefold().replace("-", "_") for word in typed.split(","))
    return tuple(registry().aliases.get(word, word) for word in words if word)


def _spec(order: dict[str, object]) -> CampaignSpec:
    from pydantic import ValidationError

    from pipeline.campaign import CampaignSpec
    from services.errors import Invalid
    from ui.form_errors import sentences

    try:
        return CampaignSpec.model_validate(order)
    except ValidationError as error:
        raise Invalid(sentences(error)) from None


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


def _person(email: str) -> Person:
    from services import identity

    return identity.named(email) if email else identity.only_one()


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
