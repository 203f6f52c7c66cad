"""A campaign from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from commands import _plugins as plugins
from commands._watching import Csv, Json, Out, User, watching

if TYPE_CHECKING:
    from pipeline.campaign import CampaignSpec

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

    Exit codes: 0 completed, 1 refused, 3 partial, 4 failed, 5 stopped, 6 lost sight of it, so that `follow` has to
    look for it. Ctrl-C stops the campaign.
    """
    from store.ids import new_id

    order: dict[str, object] = {
        "business_types": [part for part in business_types.split(",") if part.strip()],
        "location": location,
        "max_results": max_results,
        "budget_usd": budget,
        "min_confidence": min_confidence,
        "radius_km": radius_km,
    }
    plugins.load()
    with watching(user) as person:
        from commands import _following as following

        spec = _spec(order | _choices(sources, waterfall))
        files = following.files(csv, out)
        campaign_id = following.ordered(person, spec, f"terminal-{new_id()}")
        code = following.told(person, following.follow(person, campaign_id), files, as_json)
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
