"""Places from an OpenStreetMap extract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands._imports import Complete, Country, Day, Name, carry_out, order


def import_osm(
    path: Annotated[Path, typer.Argument(help="An OpenStreetMap extract, usually .osm.pbf.")],
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
) -> None:
    """Load the businesses and localities of an OpenStreetMap extract into the catalogue."""
    from services import catalogue

    carry_out(catalogue.import_osm, order(path, name, country, observed_on, complete), "records")
