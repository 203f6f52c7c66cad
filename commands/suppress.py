"""The suppression list from the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands._order import User

_WHO = "E-mail addresses, domains, phone numbers with +; with --place the name of a company."


def suppress(  # noqa: PLR0913 - one parameter for each word of the command
    values: Annotated[list[str] | None, typer.Argument(help=_WHO)] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it names nobody.")] = "",
    place: Annotated[str, typer.Option("--place", help="The company's town or postcode.")] = "",
    csv: Annotated[Path | None, typer.Option("--csv", help="A file with one a row.")] = None,
    country: Annotated[str, typer.Option("--country", help="Of phone numbers without +, such as FI.")] = "",
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Take the good rows of a file that has bad ones.")
    ] = False,
    user: User = "",
) -> None:
    """Put people and companies on the suppression list of a workspace: they are neither stored nor asked about."""
    from commands._order import person_of
    from commands._reading import read_bytes
    from pipeline.suppression import SuppressedBy
    from services import suppression_list
    from services.errors import Invalid
    from store import readiness
    from store.database import Role

    if not values and csv is None:
        raise Invalid("Say who: values, or --csv with a file.")
    readiness.wait_until_ready(Role.WEB, 5)
    person = person_of(user)
    subjects = [suppression_list.understood(value, place, country or None) for value in values or ()]
    added = [suppression_list.add(person, subjects, reason, SuppressedBy.COMMAND)] if subjects else []
    if csv is not None:
        file = suppression_list.read(read_bytes(csv), country or None)
        added.append(suppression_list.add_file(person, file, reason, skip_bad=skip_bad))
        if file.bad:
            typer.echo(f"Skipped: {suppression_list.bad_rows(file)}", err=True)
        if file.repeated:
            typer.echo(f"{file.repeated:,} stood in the file more than once.")
    new, known = sum(one.new for one in added), sum(one.known for one in added)
    typer.echo(f"{new:,} put on the suppression list; {known:,} were on it.")
