"""What has to be there before the first page: schema and open data."""

from __future__ import annotations

import os
from typing import Annotated

import typer


def prepare(
    link_to: Annotated[
        int | None,
        typer.Option(hidden=True, help="The open file the link for the first administrator goes to."),
    ] = None,
) -> None:
    """Wait for the databases, create or upgrade the schema and load the open data that comes along."""
    from embedded import first_start

    for line in first_start.prepare():
        typer.echo(line)
    if link_to is not None:
        from services import accounts

        with os.fdopen(link_to, "w") as out:
            out.write(accounts.first_admin_link() or "")
