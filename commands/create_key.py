"""A key for programs, from the machine ProspectPro runs on."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer


def create_key(
    email: Annotated[str, typer.Argument(help="The account the key acts for.")],
    scope: Annotated[str, typer.Option("--scope", help="How far it goes: read, submit or admin.")] = "read",
    name: Annotated[str, typer.Option("--name", help="What it is for.")] = "Command line",
    days: Annotated[int, typer.Option("--days", help="How long it is good for, 1 to 365 days.")] = 90,
    limit: Annotated[
        str | None, typer.Option("--limit", help="US dollars that all it orders may cost together.")
    ] = None,
) -> None:
    """Print a new key to the account's workspace; commands take it from PROSPECTPRO_KEY. It is shown this once."""
    from services import api_keys, identity
    from services.errors import Invalid
    from store import readiness
    from store.database import Role

    readiness.wait_until_ready(Role.OPERATOR, 5)
    if scope not in list(api_keys.Scope):
        raise Invalid(f"There is no scope “{scope}”. There are {', '.join(api_keys.Scope)}.")
    most = None if limit is None else _amount(limit)
    typer.echo(api_keys.create(identity.named(email), name, api_keys.Scope(scope), days, most))


def _amount(typed: str) -> Decimal:
    from services.errors import Invalid

    try:
        amount = Decimal(typed.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Invalid({"amount_usd": "--limit is an amount in US dollars, such as 5 or 2.50."})
    return amount
