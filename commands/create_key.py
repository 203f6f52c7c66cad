"""A key for programs, from the machine ProspectPro runs on."""

from __future__ import annotations

from typing import Annotated

import typer


def create_key(
    email: Annotated[str, typer.Argument(help="The account the key acts for.")],
    scope: Annotated[str, typer.Option("--scope", help="How far it goes: read, submit or admin.")] = "read",
    name: Annotated[str, typer.Option("--name", help="What it is for.")] = "Command line",
    days: Annotated[int, typer.Option("--days", help="How long it is good for, 1 to 365 days.")] = 90,
) -> None:
    """Print a new key to the account's workspace; commands take it from PROSPECTPRO_KEY. It is shown this once."""
    from services import api_keys, identity
    from services.errors import Invalid
    from store import readiness
    from store.database import Role

    readiness.wait_until_ready(Role.OPERATOR, 5)
    if scope not in list(api_keys.Scope):
        raise Invalid(f"There is no scope “{scope}”. There are {', '.join(api_keys.Scope)}.")
    typer.echo(api_keys.create(identity.named(email), name, api_keys.Scope(scope), days))
