"""Whether a running installation does from outside what it should, by a campaign that costs nothing."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Annotated

import typer

from services.identity import KEY_VARIABLE

Url = Annotated[str, typer.Argument(help="Its address, such as https://leads.example.com.")]
Kind = Annotated[str, typer.Option("--type", help="The type of business of the campaign.")]
Where = Annotated[str, typer.Option("--location", help="Where it looks; its open data has to be there.")]
Within = Annotated[float, typer.Option("--within", help="Seconds the campaign may take to its end.", min=1)]
Json = Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")]
_KEY, _OTHER = KEY_VARIABLE, "PROSPECTPRO_OTHER_KEY"
_EMAIL, _PASSWORD = "PROSPECTPRO_EMAIL", "PROSPECTPRO_PASSWORD"


def deploy_check(
    url: Url,
    kind: Kind = "cafe",
    location: Where = "Helsinki",
    within_s: Within = 300,
    as_json: Json = False,
) -> None:
    """Look at a running installation from outside: its door, a tiny campaign, what it tells of it, and to whom.

    Secrets come from the environment: PROSPECTPRO_KEY, a key that may order (an administrator's with the scope admin
    also tells of workers and mails); PROSPECTPRO_OTHER_KEY, one of another workspace; PROSPECTPRO_EMAIL and
    PROSPECTPRO_PASSWORD of an account to sign in with. Exit codes: 0 all is well, 1 something is wrong. The campaign
    asks open data alone, is deleted afterwards, and nothing else is changed.
    """
    from commands._checks.finding import State, lines
    from commands._deployment import ROWS, findings
    from commands._deployment.asked import Asked

    asked = Asked(
        url=url.strip().rstrip("/"),
        key=_secret(_KEY),
        other_key=_secret(_OTHER),
        email=_secret(_EMAIL),
        password=_secret(_PASSWORD),
        kind=kind,
        location=location,
        within_s=within_s,
    )
    found = []
    for each in findings(asked):
        found.append(each)
        for line in () if as_json else lines(each, max(map(len, ROWS))):
            typer.echo(line)
    bad = [each.about for each in found if each.state == State.WRONG]
    if as_json:
        told = {"works": not bad, "findings": [asdict(each) for each in found]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    if bad:
        typer.echo(f"{asked.url} does not do all it should: {', '.join(bad)}.", err=True)
        raise typer.Exit(1)


def _secret(name: str) -> str:
    return os.environ.get(name, "").strip()
