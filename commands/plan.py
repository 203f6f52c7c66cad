"""What a campaign would find, cost and take, from the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from commands import _plugins as plugins
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
    from pipeline.campaign import CampaignSpec
    from services.planning import Estimate

Json = Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")]


def plan(  # noqa: PLR0913 - one parameter for each word of the command
    business_types: Types,
    location: Location,
    max_results: Max = None,
    budget: Budget = None,
    min_confidence: Confidence = None,
    radius_km: Radius = None,
    sources: Sources = "",
    waterfall: Waterfall = "",
    user: User = "",
    as_json: Json = False,
) -> None:
    """Say what a campaign would find, cost and take. Nothing is started, asked or paid.

    Exit codes: 0 when this order could be started, 1 when it would be refused.
    """
    import settings
    from pipeline.errors import BrokenPlugin
    from services import campaigns, planning
    from services.errors import Refused
    from store import readiness
    from store.database import Role

    known = (Refused, BrokenPlugin, settings.SettingsError, readiness.NotReady, OSError)
    spec, expected, refusals = None, None, []
    try:
        plugins.load()
        readiness.wait_until_ready(Role.WEB, 2)
        spec = spec_of(
            business_types, location, max_results, budget, min_confidence, radius_km, sources, waterfall
        )
        expected = planning.estimate(person_of(user), spec)
        campaigns.check(spec)
    except known as error:
        refusals.append(str(error))
    if as_json:
        typer.echo(json.dumps(_as_json(spec, expected, refusals), ensure_ascii=False, indent=2))
    elif expected:
        typer.echo(_in_words(expected))
    _refuse(refusals)


def _refuse(refusals: Sequence[str]) -> None:
    """End with what speaks against the order, if anything does."""
    for sentence in refusals:
        typer.echo(sentence, err=True)
    raise typer.Exit(1 if refusals else 0)


def _in_words(expected: Estimate) -> str:
    """What the plan card shows."""
    from ui import plan_figures

    lines = [
        f"Matching businesses we know of: {plan_figures.matching(expected)}",
        f"Expected cost: {plan_figures.cost(expected)}",
        f"Expected time: {plan_figures.time(expected)}",
        *(f"  {plan_figures.call(call)}" for call in expected.calls),
        f"Looking in {expected.area_label}" if expected.area_label else "",
        expected.message,
        *(warning.message for warning in expected.warnings),
    ]
    return "\n".join(line for line in lines if line)


def _as_json(
    spec: CampaignSpec | None, expected: Estimate | None, refusals: Sequence[str]
) -> dict[str, object]:
    """The plan; of an order that makes none, why."""
    area = expected.area if expected else None
    warnings = [warning.message for warning in expected.warnings] if expected else []
    return {
        "types": _types(spec) if spec else [],
        "place": {"label": area.label, "country": area.country} if area else None,
        "matching": expected.known if expected else 0,
        "calls": [
            {
                "provider": call.provider,
                "low": call.low,
                "high": call.high,
                "cost_low_usd": _usd(call.cost_low_micros),
                "cost_high_usd": _usd(call.cost_high_micros),
            }
            for call in (expected.calls if expected else ())
        ],
        "cost_low_usd": _usd(expected.cost_low_micros if expected else 0),
        "cost_high_usd": _usd(expected.cost_high_micros if expected else 0),
        "duration_low_s": expected.duration_low_s if expected else 0,
        "duration_high_s": expected.duration_high_s if expected else 0,
        "warnings": [*warnings, *refusals],
    }


def _types(spec: CampaignSpec) -> list[dict[str, object]]:
    """What each typed type of business is taken for."""
    from pipeline.words.categories import label_for, match_types

    return [
        {
            "typed": match.typed,
            "label": ", ".join(dict.fromkeys(label_for(tag) for tag in match.tags)) or match.typed,
            "tags": list(match.tags),
        }
        for match in match_types(spec.business_types)
    ]


def _usd(micros: int) -> str:
    """An amount in US dollars, as `campaign --json` writes it."""
    from pipeline.campaign import MICROS_PER_USD

    return f"{Decimal(micros) / MICROS_PER_USD:f}"
