"""What has to be there before the first page: schema and open data."""

from __future__ import annotations

import typer


def prepare() -> None:
    """Wait for the databases, create or upgrade the schema and load the open data that comes along."""
    from embedded import first_start

    for line in first_start.prepare():
        typer.echo(line)
