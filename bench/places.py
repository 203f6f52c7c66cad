"""Whether places are found as people write them: chosen right, offered, missed, or wrong.

Fills a throw-away database with the shipped places, businesses in towns of the world that share names
(``_towns.csv``) and any files given, then asks for each text of ``_places.csv`` whose place is in the data. A text
without a place must choose none.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bench._installation import empty_database
from pipeline.errors import SpecError
from pipeline.geo.localities import Locality
from pipeline.geo.place_words import place_key
from pipeline.geo.postcodes import code_keys
from services import catalogue
from store import localities, place_meaning
from store.database import Role, transaction

_HERE = Path(__file__).parent
_BAR_RIGHT_OR_OFFERED, _BAR_WRONG = 0.95, 0
_Case = dict[str, str]


def main(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Files of places with their country: PATH:CC, as porto.jsonl.gz:PT."),
    ] = None,
) -> None:
    """Print the figures; exit with 1 when a bar is missed."""
    with tempfile.TemporaryDirectory() as folder, empty_database(Path(folder)):
        catalogue.ensure_first_fill()
        for country, path in (*_towns(Path(folder)), *map(_given, files or [])):
            catalogue.import_places(catalogue.Order(path=path, name=path.stem + country, country=country))
        outcomes = [(_outcome(case), case) for case in _cases()]
    asked = [(outcome, case) for outcome, case in outcomes if outcome != "not in the data"]
    for outcome, case in asked:
        if outcome in ("missed", "wrong"):
            print(f"{outcome:>8}: {case['typed']!r} for {case['name'] or 'none'} {case['country']}")
    raise typer.Exit(_told([outcome for outcome, _ in asked]))


def _told(outcomes: Sequence[str]) -> int:
    """Print the shares; 1 when a bar is missed."""
    counted = Counter(outcomes)
    good = (counted["right"] + counted["offered"]) / len(outcomes)
    print(
        f"{len(outcomes)} ways to write places: "
        + ", ".join(f"{n} {name}" for name, n in counted.most_common())
    )
    print(
        f"right or offered {good:.1%}, bar {_BAR_RIGHT_OR_OFFERED:.0%}; wrong {counted['wrong']}, bar {_BAR_WRONG}"
    )
    return int(good < _BAR_RIGHT_OR_OFFERED or counted["wrong"] > _BAR_WRONG)


def _cases() -> Iterator[_Case]:
    with (_HERE / "_places.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _outcome(case: _Case) -> str:
    with transaction(Role.WEB) as conn:
        keys = (place_key(case["name"]), *code_keys(case["name"]))
        if case["name"] and not any(_is_it(item, case) for item in localities.with_keys(conn, keys)):
            return "not in the data"
        try:
            found = place_meaning.find(conn, case["typed"], None)
        except SpecError:
            return "missed" if case["name"] else "right"
    meant = [item for item in found.means.candidates if _is_it(item, case)]
    if found.area:
        return "right" if meant else "wrong"
    if not case["name"]:
        return "right"
    return "offered" if meant else "missed"


def _is_it(item: Locality, case: _Case) -> bool:
    is_there = item.country == case["country"] and (item.region or "") == (
        case["region"] or item.region or ""
    )
    return bool(case["name"]) and is_there and place_key(item.name) == place_key(case["name"])


def _towns(folder: Path) -> Iterator[tuple[str, Path]]:
    """Businesses of the towns of the world, a file for each country."""
    lines: dict[str, list[str]] = {}
    draw = random.Random(1)  # noqa: S311 - a sample, no secret
    with (_HERE / "_towns.csv").open(encoding="utf-8", newline="") as file:
        for number, town in enumerate(csv.DictReader(file)):
            lines.setdefault(town["country"], []).extend(_rows(number, town, draw))
    for country, rows in lines.items():
        path = folder / f"towns-{country}.jsonl.gz"
        path.write_bytes(gzip.compress("".join(rows).encode()))
        yield country, path


def _rows(number: int, town: _Case, draw: random.Random) -> Iterator[str]:
    is_node = town["kind"].startswith("node")
    kind = town["kind"].partition(":")[2] or "city"
    tags = {
        "addr:state": town["region"],
        "addr:county": town["county"],
        "addr:suburb": town["suburb"],
        "alt_name": town["also"],
    }
    for index in range(1 if is_node else int(town["places"])):
        near = 0.0 if is_node else draw.gauss(0, 0.004)
        yield (
            json.dumps(
                {
                    "osm_id": f"town/{number}-{index}",
                    "name": town["name"] if is_node else f"Cup {number}-{index}",
                    "category": f"place={kind}" if is_node else "amenity=cafe",
                    "lat": float(town["lat"]) + near,
                    "lon": float(town["lon"]) + (0.0 if is_node else draw.gauss(0, 0.004)),
                    "city": None if is_node else town["name"],
                    "postcode": town["postcode"] or None,
                    "tags": {tag: text for tag, text in tags.items() if text},
                },
                ensure_ascii=False,
            )
            + "\n"
        )


def _given(text: str) -> tuple[str, Path]:
    path, _, country = text.rpartition(":")
    if not path:
        raise typer.BadParameter("Give each file with its country, for example porto.jsonl.gz:PT.")
    return country, Path(path)


if __name__ == "__main__":
    typer.run(main)
