"""Places from the output of AllThePlaces."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands._imports import Complete, Country, Day, Name, carry_out, order_of_release


def import_alltheplaces(
    path: Annotated[list[Path], typer.Argument(help="The zip of a run, or GeoJSON files, one a spider.")],
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
) -> None:
    """Load the places of AllThePlaces into the catalogue. A later run under the same name says what is new, changed,
    closed and gone."""
    from services import catalogue

    wanted = order_of_release(path, "", name, country, observed_on, complete)
    carry_out(catalogue.import_alltheplaces, wanted, "features")
