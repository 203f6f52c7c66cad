"""Places from a JSON-lines file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands._imports import Complete, Country, Day, Name, carry_out, order


def import_places(
    path: Annotated[Path, typer.Argument(help="A .jsonl(.gz) file with the columns of data/PROVENANCE.md.")],
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
) -> None:
    """Load places into the catalogue. Interrupted, it goes on where it stopped; repeated, nothing changes."""
    from services import catalogue

    carry_out(catalogue.import_places, order(path, name, country, observed_on, complete), "lines")
