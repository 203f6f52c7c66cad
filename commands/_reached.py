"""What a command asks: the installation on this machine, or the one that PROSPECTPRO_URL names, in the same words."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands._watching import URL_VARIABLE, watching

if TYPE_CHECKING:
    from clients.prospectpro import ProspectPro
    from commands._here import Here

Json = Annotated[bool, typer.Option("--json", help="Print what the interface for programs says, as JSON.")]
Row = Mapping[str, Any]


@contextmanager
def reached(user: str, workspace: str) -> Iterator[ProspectPro | Here]:
    """Whom to ask. Raises Invalid with a sentence for whatever cannot be asked."""
    if os.environ.get(URL_VARIABLE, "").strip():
        from commands._remote import server

        with server({"user": user, "workspace": workspace}) as pro:
            yield pro
        return
    from commands import _plugins as plugins

    plugins.load()
    with watching(user, workspace) as person:
        from commands._here import Here

        yield Here(person)


def shown(found: Row | Iterable[Row], line: Callable[[Row], str], as_json: bool, none: str = "") -> None:
    """Print what was found, a line each; ``none`` where there is nothing."""
    rows = [found] if isinstance(found, Mapping) else list(found)
    if as_json:
        told = rows[0] if isinstance(found, Mapping) else rows
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(line, rows)) or none)


def amount(typed: str, option: str, orders: int = 1) -> str:
    """An amount of US dollars as it was typed, for so many orders. Raises Invalid for what is none."""
    from pipeline.campaign import MAX_BUDGET_USD
    from services.errors import Invalid

    most = MAX_BUDGET_USD * orders
    with suppress(InvalidOperation):
        value = Decimal(typed.strip().removeprefix("$"))
        if value.is_finite() and 0 <= value <= most and value == round(value, 6):
            return f"{value:f}"
    raise Invalid(
        f"{option} is an amount of US dollars, such as 2.50: at most {most:,}, and with six decimals at most."
    )


def usd(told: str) -> str:
    """An amount as it is read."""
    return f"${Decimal(told):,.2f}"
