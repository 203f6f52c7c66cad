"""Whether a search slows down as one city fills up: the same questions where 5,000 places are known and where 500,000
are, scattered over the same ground, more densely towards the middle."""

from __future__ import annotations

import gzip
import json
import math
import random
import statistics
import tempfile
import time
from pathlib import Path

from bench._installation import empty_database, percentile
from jobs.catalogue_search import CatalogueSearch
from pipeline.discovery.discover import MAX_CANDIDATES
from pipeline.geo.location import KM_PER_DEGREE
from pipeline.place import Area, PlaceQuery
from pipeline.words.understanding import match_types
from services import catalogue

_TYPES = ("cafe", "restaurant", "dentist", "hairdresser", "lawyer", "shops", "vegan restaurant", "pizza")
_CITY, _LAT, _LON, _RADIUS_KM = "Great City", 52.5, 13.4, 12
_BAR_RATIO, _BAR_MS = 3.0, 150.0


def is_missed(shipped: list[dict[str, object]], few: int, many: int, samples: int) -> bool:
    """Print the figures of two cities; whether the large one answers too slowly."""
    print()
    small, large = (_measured(shipped, number, samples) for number in (few, many))
    ratio = large / small
    print(
        f"search, p95 {large:.0f} ms, bar {_BAR_MS:.0f}; {ratio:.2f} times the small city, bar {_BAR_RATIO}"
    )
    return ratio > _BAR_RATIO or large > _BAR_MS


def _measured(shipped: list[dict[str, object]], number: int, samples: int) -> float:
    """Milliseconds within which 95 % of the searches of one city are done."""
    with tempfile.TemporaryDirectory() as folder, empty_database(Path(folder)):
        file = Path(folder) / "city.jsonl.gz"
        _write(file, shipped, number)
        begun = time.perf_counter()
        catalogue.import_places(catalogue.Order(path=file, name="city", country="DE"))
        print(f"{number:>9,} places in one city, loaded in {time.perf_counter() - begun:.0f} s")
        area = CatalogueSearch().locate(_CITY, None)
        if area is None:
            raise LookupError(_CITY)
        taken = {typed: _taken(area, typed, samples) for typed in _TYPES}
    for typed, (found, times) in taken.items():
        print(f"{typed:<18}{found:>6} found{statistics.median(times):>9.1f} ms")
    return percentile([ms for _, times in taken.values() for ms in times], 95)


def _taken(area: Area, typed: str, samples: int) -> tuple[int, list[float]]:
    """How many places a search finds, and its times in milliseconds; the first is not counted."""
    query = PlaceQuery(types=match_types([typed]), area=area, limit=MAX_CANDIDATES)
    times = []
    for _ in range(samples + 1):
        begun = time.perf_counter()
        found = sum(len(batch) for batch in CatalogueSearch().search(query))
        times.append((time.perf_counter() - begun) * 1000)
    return found, times[1:]


def _write(file: Path, shipped: list[dict[str, object]], number: int) -> None:
    draw = random.Random(1)  # noqa: S311 - a sample, no secret
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=1) as out:
        for index in range(number):
            away_km, turn = _RADIUS_KM * draw.random(), 2 * math.pi * draw.random()
            lat = _LAT + away_km * math.sin(turn) / KM_PER_DEGREE
            lon = _LON + away_km * math.cos(turn) / KM_PER_DEGREE / math.cos(math.radians(_LAT))
            row = {**shipped[index % len(shipped)], "osm_id": f"synthetic/{index}"}
            # As many addresses lack their city as in the shipped places.
            city = _CITY if row["city"] else None
            row |= {"lat": round(lat, 7), "lon": round(lon, 7), "city": city, "country": "DE"}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
