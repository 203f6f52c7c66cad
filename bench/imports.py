"""How fast places of Overture are imported, beside a plain COPY of the same rows into a table with the same indexes,
and how much memory that takes of one file and of nine.

Makes the files: businesses of a thousand towns, of all the kinds that Overture's categories mean, with the values rows
have. The bar is in processor time, of the importing process and of Postgres together: what two cores have for each row
when so many are to be stored in a second. Seconds depend on what else the machine does.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import psycopg2
import typer
from psycopg2 import sql

from bench._installation import empty_database
from embedded.layout import Layout
from embedded.postgres import Postgres
from pipeline.words.kinds import NO_BUSINESS
from pipeline.words.overture import kinds
from services import catalogue
from store import database
from tests.support.overture import places_file, row, source

_BAR, _CORES = 15_000, 2
_FILES, _TOWNS = 10, 1_000
_GROUP_ROWS = 5_000
_DATASETS = (("meta", "CDLA-Permissive-2.0"),) * 8 + (
    ("Foursquare", "Apache-2.0"),
    ("AllThePlaces", "CC0-1.0"),
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Until the last of ``rows`` was stored: seconds, processor time of the process, its memory; and the whole."""

    rows: int
    seconds: float
    processor_s: float
    most_mb: float
    whole_s: float


def main(
    places: Annotated[int, typer.Option(help="How many places are imported.")] = 200_000,
) -> None:
    """Print rows a second, processor time a row, the same of COPY, and the memory; exit with 1 above the bar."""
    with tempfile.TemporaryDirectory() as name, empty_database(Path(name)):
        folder = Path(name)
        files = [_file(folder, number, places // _FILES) for number in range(_FILES)]
        one = _apart(files[:1])
        before = _server_s(folder)
        run = _apart(files[1:])
        ours, server = run.processor_s / run.rows, (_server_s(folder) - before) / run.rows
        seconds, copied = (taken / places for taken in _copy(folder))
    each, copy_each = (ours + server) * 1e6, copied * 1e6
    most = _CORES / _BAR * 1e6
    print(f"{'':<18}{'rows a second':>14}{'µs of processor time a row':>30}")
    told = f"{each:.0f} ({ours * 1e6:.0f} here, {server * 1e6:.0f} in Postgres)"
    print(f"{'import-overture':<18}{run.rows / run.seconds:>14,.0f}{told:>30}")
    print(f"{'plain COPY':<18}{1 / seconds:>14,.0f}{copy_each:>30.0f}")
    print(f"{each / copy_each:.1f} times COPY; {1e6 / each:,.0f} rows a second and core")
    print(f"memory {run.most_mb:,.0f} MB for {_FILES - 1} files, {one.most_mb:,.0f} MB for one")
    print(f"counts, localities and statistics at the end: {run.whole_s - run.seconds:.1f} s")
    print(f"bar: {most:.0f} µs, which is {_BAR:,} rows a second on {_CORES} cores")
    raise typer.Exit(each > most)


def _file(folder: Path, number: int, places: int) -> Path:
    draw = random.Random(number)  # noqa: S311 - a sample, no secret
    return places_file(
        folder / f"part-{number:02}.parquet",
        list(_rows(draw, number * places, places)),
        group_rows=_GROUP_ROWS,
    )


def _rows(draw: random.Random, first: int, places: int) -> Iterator[dict[str, Any]]:
    categories = sorted(name for name, kind in kinds().items() if kind != NO_BUSINESS)
    # As in the world a few categories have most of the places.
    weights = [1 / (1 + place) for place in range(len(categories))]
    draw.shuffle(categories)
    for number in range(first, first + places):
        town = draw.randrange(_TOWNS)
        at = (-50 + town // 40 * 4 + draw.gauss(0, 0.03), -170 + town % 40 * 8 + draw.gauss(0, 0.03))
        (category,) = draw.choices(categories, weights)
        host = f"{category.replace('_', '-')}-{number}.example.com"
        yield row(
            number,
            at=at,
            names={"primary": f"{category.replace('_', ' ').title()} Société {number}"},
            taxonomy={
                "primary": category,
                "hierarchy": ["services_and_business", category],
                "alternates": draw.choices(categories, weights, k=draw.randrange(3)),
            },
            websites=[f"https://www.{host}/"] if draw.random() < 0.6 else None,
            phones=[f"+4930{number:08}"] if draw.random() < 0.7 else None,
            emails=[f"info@{host}"] if draw.random() < 0.2 else None,
            socials=[f"https://www.facebook.com/{number}"] if draw.random() < 0.6 else None,
            addresses=[
                {
                    "freeform": f"Rue de la Gare {number % 200}",
                    "locality": f"Town {''.join(chr(65 + int(digit)) for digit in f'{town:04}')}",
                    "postcode": f"{10_000 + town * 7 + number % 7}",
                    "country": "DE",
                }
            ],
            sources=[source(*draw.choice(_DATASETS))],
        )


def _apart(files: list[Path]) -> _Run:
    """An import in a process that holds nothing else."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_imported, (files,))


def _imported(files: list[Path]) -> _Run:
    begun, used = time.perf_counter(), time.process_time()
    read, ends = [0], [0.0, 0.0, 0.0]

    def progress(rows: int) -> None:
        read[0] += rows
        ends[:] = time.perf_counter() - begun, time.process_time() - used, _most_mb()

    first, *more = files
    name = f"{len(files)} files"
    catalogue.import_overture(catalogue.Order(path=first, more=tuple(more), name=name), progress)
    whole = time.perf_counter() - begun
    database.dispose()
    seconds, processor_s, most_mb = ends
    return _Run(read[0], seconds, processor_s, most_mb, whole)


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _server_s(folder: Path) -> float:
    """Processor time that the processes of Postgres have taken, and those that ended."""
    server = _pid(folder)
    found = [Path(f"/proc/{server}/stat"), *Path("/proc").glob("[0-9]*/stat")]
    stats = [_stat(path) for path in found]
    own, children = stats[0][11:15], [stat[11:13] for stat in stats[1:] if stat and stat[1] == server]
    return sum(int(ticks) for each in (own, *children) for ticks in each) / os.sysconf("SC_CLK_TCK")


def _pid(folder: Path) -> str:
    (file,) = folder.rglob("postmaster.pid")
    return file.read_text().split()[0]


def _stat(path: Path) -> list[str]:
    """The fields of a process behind its name; nothing of one that ended meanwhile."""
    with suppress(OSError):
        return path.read_text().rpartition(")")[2].split()
    return []


def _copy(folder: Path) -> tuple[float, float]:
    """Seconds and processor time of a COPY of all places into an empty table with the same indexes and checks."""
    path = folder / "places.copy"
    with (
        closing(psycopg2.connect(Postgres(Layout(folder / "cluster")).url())) as conn,
        conn.cursor() as cursor,
    ):
        cursor.execute("create table copied (like places including all)")
        with path.open("w", encoding="utf-8") as out:
            _streamed(cursor, sql.SQL("copy places to stdout"), out)
        begun, used = time.perf_counter(), _server_s(folder) + time.process_time()
        with path.open(encoding="utf-8") as file:
            _streamed(cursor, sql.SQL("copy copied from stdin"), file)
        conn.commit()
        return time.perf_counter() - begun, _server_s(folder) + time.process_time() - used


def _streamed(cursor: Any, statement: sql.Composable, file: TextIOWrapper) -> None:  # noqa: ANN401
    cursor.copy_expert(statement, file)


if __name__ == "__main__":
    typer.run(main)
