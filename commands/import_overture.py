"""Places from the GeoParquet files of Overture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from commands._imports import Complete, Country, Day, Name, carry_out, order

_BBOX = "--bbox has to be west,south,east,north in degrees, such as 24.8,60.1,25.1,60.3"


def import_overture(
    path: Annotated[
        list[Path], typer.Argument(help="Files of a release: theme=places/type=place/*.parquet.")
    ],
    bbox: Annotated[str, typer.Option(help="Only places in here: west,south,east,north in degrees.")] = "",
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
) -> None:
    """Load places of Overture Maps into the catalogue. A later release under the same name says what is new, changed,
    closed and gone."""
    from services import catalogue

    first, *more = path
    wanted = order(first, name, country, observed_on, complete)
    wanted = replace(wanted, more=tuple(more), box=_box(bbox) if bbox else None)
    carry_out(catalogue.import_overture, wanted, "rows")


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise typer.BadParameter(_BBOX) from None
    return south, west, north, east
