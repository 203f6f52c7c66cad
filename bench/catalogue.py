"""How fast places load, how much room they take, and whether a search slows down as the catalogue grows.

Makes copies of the shipped places in synthetic cities (``City 0001`` ...) far apart, loads few into one
throw-away database and many into another, and asks both the same questions. Then the same for one city as it
fills up.
"""

from __future__ import annotations

import gzip
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

import settings
from bench import _density
from bench._installation import empty_database
from jobs.catalogue_search import CatalogueSearch
from pipeline.campaign import CampaignSpec
from pipeline.discovery.discover import MAX_CANDIDATES
from pipeline.place import PlaceQuery
from pipeline.words.understanding import match_types
from services import catalogue, planning
from services.identity import Person
from services.roles import MemberRole
from tests.support.servers import rows

_SHIPPED = settings.PROJECT_ROOT / "data" / "helsinki-core.jsonl.gz"
_TYPES = ("cafe", "restaurant", "dentist", "hairdresser", "lawyer", "shops", "vegan restaurant", "pizza")
_CENTRE = (60.17, 24.94)
# Cities stand so many degrees apart, from 58 degrees south to 58 north: no search of one reaches another.
_STEP = 2
_CITIES_A_ROW = 176
_BAR = 2.0
_NOBODY = Person(
    id=UUID(int=0),
    email="bench@example.com",
    is_admin=False,
    workspace_id=UUID(int=0),
    workspace_name="Nowhere",
    role=MemberRole.OWNER,
    proof="",
)

_Question = Callable[[str, str], object]


def main(
    places: Annotated[int, typer.Option(help="How many places the large catalogue holds.")] = 1_000_000,
    samples: Annotated[int, typer.Option(help="How often each question is asked.")] = 400,
    few: Annotated[int, typer.Option(help="Places of a small city.")] = 5_000,
    many: Annotated[int, typer.Option(help="Places of a large city on the same ground.")] = 500_000,
    beside: Annotated[int, typer.Option(help="How many places the small catalogue holds.")] = 1,
    kept: Annotated[
        Path | None,
        typer.Option(help="Keep the catalogues in this folder, and ask those that are there already."),
    ] = None,
) -> None:
    """Print the figures; exit with 1 when the large catalogue or the large city answers too slowly."""
    shipped = [json.loads(line) for line in gzip.decompress(_SHIPPED.read_bytes()).splitlines()]
    small = _measured(shipped, max(1, beside // len(shipped)), samples, kept)
    large = _measured(shipped, max(2, places // len(shipped)), samples, kept)
    print(f"\n{'question':<10}{'catalogue':>12}{'p50 ms':>9}{'p95 ms':>9}{'ratio p50':>11}{'ratio p95':>11}")
    worst = 0.0
    for name, (few_50, few_95) in small.items():
        many_50, many_95 = large[name]
        ratio = many_50 / few_50, many_95 / few_95
        worst = max(worst, *ratio) if name == "search" else worst
        print(f"{name:<10}{'small':>12}{few_50:>9.2f}{few_95:>9.2f}")
        print(f"{'':<10}{'large':>12}{many_50:>9.2f}{many_95:>9.2f}{ratio[0]:>11.2f}{ratio[1]:>11.2f}")
    print(f"\nsearch, worst ratio {worst:.2f}, bar {_BAR}")
    is_crowded_slow = _density.is_missed(shipped, few, many, max(2, samples // 40))
    raise typer.Exit(worst > _BAR or is_crowded_slow)


def _measured(
    shipped: list[dict[str, object]], cities: int, samples: int, kept: Path | None
) -> dict[str, tuple[float, float]]:
    with _folder(kept, cities) as folder, empty_database(folder) as url:
        if not _is_loaded(url):
            file = folder / "cities.jsonl.gz"
            _write(file, shipped, cities)
            _load(file, url)
            file.unlink()
        return {name: _asked(question, cities, samples) for name, question in _questions().items()}


@contextmanager
def _folder(kept: Path | None, cities: int) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    folder = kept / f"{cities}-cities"
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


def _is_loaded(url: str) -> bool:
    return rows(url, "select exists (select from place_imports where state = 'done')") == [(True,)]


def _write(file: Path, shipped: list[dict[str, object]], cities: int) -> None:
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=1) as out:
        for number in range(cities):
            lat, lon = -58 + number // _CITIES_A_ROW * _STEP, -176 + number % _CITIES_A_ROW * _STEP
            for index, row in enumerate(shipped):
                copy = {
                    **row,
                    "osm_id": f"synthetic/{number + 1}-{index}",
                    "lat": round(float(str(row["lat"])) - _CENTRE[0] + lat, 7),
                    "lon": round(float(str(row["lon"])) - _CENTRE[1] + lon, 7),
                    "city": _city(number),
                }
                out.write(json.dumps(copy, ensure_ascii=False) + "\n")


def _city(number: int) -> str:
    # Localities are not named by digits, so the number is spelled in letters.
    return "City " + "".join(chr(ord("A") + int(digit)) for digit in f"{number + 1:04}")


def _load(file: Path, url: str) -> None:
    begun = time.perf_counter()
    read = [0]
    ends: list[float] = []

    def progress(records: int) -> None:
        read[0] += records
        ends.append(time.perf_counter())

    catalogue.import_places(catalogue.Order(path=file, name="cities"), progress)
    stored, ended = ends[-1] - begun, time.perf_counter() - ends[-1]
    ((places, size),) = rows(
        url, "select (select count(*) from places), pg_database_size(current_database()) / 1048576"
    )
    print(
        f"{places:>9,} places: {read[0] / stored:,.0f} a second, then {ended:.1f} s for counts, localities"
        f" and statistics; {size} MiB on disk"
    )


def _questions() -> dict[str, _Question]:
    source = CatalogueSearch()

    def search(typed: str, city: str) -> None:
        area = source.locate(city, None)
        if area is None:
            raise LookupError(city)
        query = PlaceQuery(types=match_types([typed]), area=area, limit=MAX_CANDIDATES)
        found = sum(len(batch) for batch in source.search(query))
        if not found:
            raise LookupError(f"{typed} in {city}")

    def estimate(typed: str, city: str) -> None:
        planning.estimate(_NOBODY, CampaignSpec(business_types=(typed,), location=city))

    return {
        "search": search,
        "locate": lambda _, city: source.locate(city, None),
        "estimate": estimate,
        "places": lambda *_: planning.location_choices(),
        "types": lambda *_: planning.category_choices(),
    }


def _asked(question: _Question, cities: int, samples: int) -> tuple[float, float]:
    """Milliseconds within which 50 % and 95 % are answered; the same random cities on every run."""
    draw = random.Random(1)  # noqa: S311 - a sample, no secret
    taken = []
    for number in range(samples):
        typed, city = _TYPES[number % len(_TYPES)], _city(draw.randrange(cities))
        begun = time.perf_counter()
        question(typed, city)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    typer.run(main)
