"""What a campaign would find, cost and take, from the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

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
    User,
    Waterfall,
    person_of,
    spec_of,
)
from commands._watching import ask_elsewhere

if TYPE_CHECKING:
    from pipeline.campaign import CampaignSpec
    from services.limits import LimitRow
    from services.planning import Estimate

Json = Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")]


def plan(  # noqa: PLR0913 - one parameter for each word of the command, read from the context
    ctx: typer.Context,
    business_types: Types,
    location: Location,
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
    user: User = "",
    as_json: Json = False,
) -> None:
    """Say what a campaign would find, cost and take. Nothing is started, asked or paid.

    Exit codes: 0 when this order could be started, 1 when it would be refused.
    """
    ask_elsewhere("plan", ctx.params)
    spec, expected, bounds, refusals = _planned(ctx.params)
    from services import plan_facts
    from ui import plan_words

    if as_json:
        plan = plan_facts.facts(spec, expected, bounds, refusals)
        typer.echo(json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=2))
    elif spec and expected:
        typer.echo(plan_words.in_words(spec, expected, bounds))
    for sentence in refusals:
        typer.echo(sentence, err=True)
    raise typer.Exit(1 if refusals else 0)


def _planned(
    words: Mapping[str, Any],
) -> tuple[CampaignSpec | None, Estimate | None, Sequence[LimitRow], list[str]]:
    """The order, its plan and the money limits as far as they are known, and what speaks against the order."""
    import settings
    from pipeline.errors import BrokenPlugin
    from services import limits, plan_facts, planning
    from services.errors import Refused
    from store import readiness
    from store.database import Role

    known = (Refused, BrokenPlugin, settings.SettingsError, readiness.NotReady, OSError)
    spec, expected, refusals = None, None, []
    bounds: tuple[LimitRow, ...] = ()
    try:
        plugins.load()
        readiness.wait_until_ready(Role.WEB, 2)
        spec = spec_of(words)
        person = person_of(words["user"])
        bounds = limits.standing(person)
        expected = planning.estimate(person, spec)
        refusals += plan_facts.refusals(spec, bounds)
    except known as error:
        refusals.append(str(error))
    return spec, expected, bounds, refusals
