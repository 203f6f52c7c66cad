"""Places from the GeoParquet files of Overture, here or where they are published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from commands._imports import Complete, Country, Day, Name, Part, box_of, carry_out, order, order_of_release

_FILES = "Files of a release; none with --release."
_RELEASE = "Read this release where it is published instead, such as 2026-08-19.0, or latest."
_ENDPOINT = "Address of a mirror of Overture's bucket that is read instead."
_NAME = "overture"


def import_overture(  # noqa: PLR0913 - one parameter for each word of the command
    path: Annotated[list[Path] | None, typer.Argument(help=_FILES)] = None,
    release: Annotated[str, typer.Option(help=_RELEASE)] = "",
    bbox: Part = "",
    name: Name = None,
    country: Country = None,
    observed_on: Day = None,
    complete: Complete = False,
    endpoint: Annotated[str, typer.Option(help=_ENDPOINT)] = "",
) -> None:
    """Load places of Overture Maps (theme=places/type=place/*.parquet) into the catalogue. A later release under the
    same name says what is new, changed, closed and gone."""
    from services import catalogue

    if bool(path) == bool(release):
        raise typer.BadParameter("Give the files of a release, or --release and where, and not both.")
    if path:
        wanted = order_of_release(path, bbox, name, country, observed_on, complete)
    elif not bbox:
        raise typer.BadParameter("--release needs --bbox: the whole world is 73 million places.")
    else:
        published = catalogue.release_of_overture(release, endpoint)
        plain = order(Path(), name or _NAME, country, observed_on, complete)
        wanted = replace(plain, published=published, box=box_of(bbox))
    carry_out(catalogue.import_overture, wanted, "rows")
