"""What the import commands share: their options, a progress bar, and a summary in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from services.catalogue import Order, Progress
    from services.importing import Summary

Name = Annotated[str | None, typer.Option(help="The import this renews; by default the file's name.")]
Country = Annotated[str | None, typer.Option(help="Country of places whose address has none, e.g. FI.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the snapshot.")]
Complete = Annotated[
    bool, typer.Option("--complete", help="Whatever the file lacks is gone, however much it is.")
]
Files = Annotated[list[Path], typer.Argument(help="The files of a release.")]
Part = Annotated[str, typer.Option("--bbox", help="Only places in here: west,south,east,north in degrees.")]
Postcodes = Annotated[
    Path | None,
    typer.Option(help="Positions of postcodes: CSV with postcode, latitude, longitude, or GeoNames'."),
]
_BBOX = "--bbox has to be west,south,east,north in degrees, such as 24.8,60.1,25.1,60.3"


def carry_out(load: Callable[[Order, Progress, Progress], Summary], order: Order, unit: str) -> None:
    """Run an import and say what it did; a refusal is one sentence and exit code 1."""
    from tqdm import tqdm

    from commands._reading import check_readable
    from store import readiness
    from store.database import Role

    for path in (*(() if order.published else order.paths), *([order.postcodes] if order.postcodes else [])):
        check_readable(path)
    readiness.wait_until_ready(Role.IMPORTER, 5)
    with tqdm(desc=order.title, unit=f" {unit}", mininterval=0.5) as bar:
        summary = load(order, bar.update, lambda total: bar.reset(total))
    for line in _lines(summary, unit):
        typer.echo(line)


def order(
    path: Path, name: str | None, country: str | None, observed_on: datetime | None, is_complete: bool
) -> Order:
    """The options of a command as an order."""
    from services.catalogue import Order

    day = observed_on.date() if observed_on else None
    return Order(path=path, name=name, country=country, observed_on=day, is_complete=is_complete)


def order_of_release(
    paths: list[Path],
    part: str,
    name: str | None,
    country: str | None,
    observed_on: datetime | None,
    is_complete: bool,
) -> Order:
    """The same of several files of one snapshot, or the part of them in a box."""
    first, *more = paths
    wanted = order(first, name, country, observed_on, is_complete)
    return replace(wanted, more=tuple(more), box=box_of(part) if part else None)


def box_of(text: str) -> tuple[float, float, float, float]:
    """South, west, north and east, from west, south, east and north as they are typed."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise typer.BadParameter(_BBOX) from None
    return south, west, north, east


def _lines(summary: Summary, unit: str) -> list[str]:
    from pipeline.output.notices import counted

    if summary.was_known:
        return [f"{summary.name} holds exactly this file already. Nothing to do."]
    said = [
        f"{summary.name}: {counted(summary.added, 'place')} new, {summary.changed:,} changed,"
        f" {summary.updated - summary.changed:,} as before, {summary.closed:,} closed, {summary.hidden:,} gone;"
        f" {summary.left_out:,} closed or without a name left out."
    ]
    if summary.apart:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in summary.most_apart)
        more = ", and others" if sum(number for _, number in summary.most_apart) < summary.apart else ""
        named = f": {kinds}{more}" if kinds else ""
        are = "is no business and was" if summary.apart == 1 else "are no businesses and were"
        said.append(f"{summary.apart:,} {are} left out{named}.")
    if summary.unplaced:
        said.append(
            f"Left out, as no loaded place states their postcode or they have none: {summary.unplaced:,}. Load places"
            " that state it, or give a file with --postcodes, and import again."
        )
    if summary.kept:
        said.append(
            f"{counted(summary.kept, 'place')} of earlier files that this one lacks"
            f" {'stays' if summary.kept == 1 else 'stay'}: {summary.why_kept}. If it is whole, import it again with"
            " --complete."
        )
    each = "company" if unit == "companies" else unit.removesuffix("s")
    unused = f"{counted(summary.bad_records, each, unit)} could not be used"
    odd = f"{counted(summary.odd_values, 'value')} could not be read and"
    odd += " was left out" if summary.odd_values == 1 else " were left out"
    said += _listed(unused, each, summary.bad_records, summary.problems)
    return said + _listed(odd, each, summary.odd_values, summary.odd)


def _listed(what: str, each: str, number: int, first: Sequence[str]) -> list[str]:
    if not number:
        return []
    more = number - len(first)
    lines = [f"{what}:", *(f"  {each} {problem}" for problem in first)]
    return [*lines, f"  and {more:,} more"] if more else lines
