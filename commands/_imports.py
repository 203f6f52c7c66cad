"""What the import commands share: their options, a progress bar, and a summary in plain words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from services.catalogue import Order, Progress, Summary

Name = Annotated[str | None, typer.Option(help="The import this renews; by default the file's name.")]
Country = Annotated[str | None, typer.Option(help="Country of places whose address has none, e.g. FI.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the snapshot.")]


def carry_out(load: Callable[[Order, Progress], Summary], order: Order, unit: str) -> None:
    """Run an import and say what it did; a refusal is one sentence and exit code 1."""
    from tqdm import tqdm

    from store import readiness
    from store.database import Role

    readiness.wait_until_ready(Role.IMPORTER, 5)
    with tqdm(desc=order.path.name, unit=f" {unit}", mininterval=0.5) as bar:
        summary = load(order, bar.update)
    for line in _lines(summary):
        typer.echo(line)


def order(path: Path, name: str | None, country: str | None, observed_on: datetime | None) -> Order:
    """The options of a command as an order."""
    from services.catalogue import Order

    day = observed_on.date() if observed_on else None
    return Order(path=path, name=name, country=country, observed_on=day)


def _lines(summary: Summary) -> list[str]:
    if summary.was_known:
        return [f"{summary.name} holds exactly this file already. Nothing to do."]
    said = [
        f"{summary.name}: {summary.added:,} places added, {summary.updated:,} updated,"
        f" {summary.hidden:,} no longer there, {summary.left_out:,} closed or without a name left out."
    ]
    if summary.bad_records:
        said.append(f"{summary.bad_records:,} lines could not be used:")
        said.extend(f"  line {problem}" for problem in summary.problems)
    more = summary.bad_records - len(summary.problems)
    return [*said, f"  and {more:,} more"] if more else said
