"""Whether this installation can do its work, and what to do where it cannot."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from commands import _plugins as plugins

Json = Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")]
Keys = Annotated[
    bool, typer.Option("--test-keys", help="Ask providers whether they take their keys; it costs nothing.")
]


def doctor(as_json: Json = False, test_keys: Keys = False) -> None:
    """Look at settings, servers, schema, queue, workers and providers, and say what to do.

    Exit codes: 0 able to work, 1 something is wrong. Nothing is changed, sent or paid for.
    """
    plugins.load()
    from commands._checks import findings
    from commands._checks.finding import lines

    found = list(findings(asks_providers=test_keys))
    bad = [each for each in found if each.state == "wrong"]
    if as_json:
        told = {"able_to_work": not bad, "findings": [asdict(each) for each in found]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        wide = max(len(each.about) for each in found)
        for each in found:
            for line in lines(each, wide):
                typer.echo(line)
    if bad:
        others = f" {len(bad) - 1} more." if len(bad) > 1 else ""
        typer.echo(f"ProspectPro cannot do its work. {bad[0].about}: {bad[0].said}{others}", err=True)
        raise typer.Exit(1)
