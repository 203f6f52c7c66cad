"""A locality: a named circle that a typed location can mean, and the choice among several of one name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.geo.countries import country_name
from pipeline.geo.location import PlaceName, distance_km
from pipeline.place import Place
from pipeline.words.text import folded

# How far a locality reaches when no address names it: our rule of thumb, by its kind.
DEFAULT_RADIUS_KM: Mapping[str, float] = {
    "city": 10,
    "town": 4,
    "borough": 3,
    "village": 2,
    "suburb": 1.5,
    "quarter": 1,
    "neighbourhood": 0.7,
}
_NAME_TAGS = ("name", "alt_name", "official_name", "short_name", "int_name", "loc_name", "old_name")
# German and Nordic letters that people without them write as two.
_AS_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Locality:
    """A named circle. ``ref`` is the source's id when the name is a point of the map itself.

    ``keys`` are its names in every language, folded for comparing; ``places`` counts what lies inside.
    """

    name: str
    kind: str
    keys: tuple[str, ...]
    lat: float
    lon: float
    radius_km: float
    country: str | None = None
    region: str | None = None
    places: int = 0
    ref: str | None = None


def from_node(place: Place) -> Locality:
    """A locality's own point (``place=suburb`` ...), as far as localities of its kind usually reach."""
    kind = place.category.partition("=")[2]
    tagged = (text for tag, text in place.tags.items() if tag.split(":")[0] in _NAME_TAGS)
    return Locality(
        ref=place.source_ref,
        name=place.name,
        kind=kind,
        keys=keys_of(name for text in (place.name, *tagged) for name in text.split(";")),
        lat=place.point[0],
        lon=place.point[1],
        radius_km=DEFAULT_RADIUS_KM[kind],
        country=place.country,
    )


def keys_of(names: Iterable[str]) -> tuple[str, ...]:
    """Names ready to compare, with the names other languages use for well-known cities."""
    keys: dict[str, None] = {}
    for name in names:
        for spelling in (name, name.casefold().translate(_AS_TWO_LETTERS)):
            key = folded(spelling)
            if key:
                keys.update(dict.fromkeys((key, *_other_names().get(key, ()))))
    return tuple(keys)


def choose(candidates: Sequence[Locality], wanted: PlaceName) -> tuple[Locality, str] | None:
    """The locality a typed name means and the label to show; None when none fits.

    The one with most places wins. What was typed after a comma must be its country, its region or a
    locality around it. When the name alone is ambiguous the label says which one was taken.
    """
    named = sorted((item for item in candidates if wanted.key in item.keys), key=lambda item: -item.places)
    fitting = [item for item in named if _fits(item, wanted, candidates)]
    if not fitting:
        return None
    best = fitting[0]
    elsewhere = any(distance_km(best.lat, best.lon, item.lat, item.lon) > best.radius_km for item in named)
    return best, _label(best) if elsewhere else best.name


def _fits(item: Locality, wanted: PlaceName, candidates: Sequence[Locality]) -> bool:
    if wanted.country and item.country and wanted.country != item.country:
        return False
    around = {
        key for other in candidates if other is not item and contains(other, item) for key in other.keys
    }
    known = {folded(item.region or ""), *around}
    others = (key for key in wanted.within if wanted.country is None or key != wanted.within[-1])
    return all(key in known for key in others)


def contains(outer: Locality, inner: Locality) -> bool:
    """Whether the middle of one locality lies in the circle of another."""
    return distance_km(outer.lat, outer.lon, inner.lat, inner.lon) <= outer.radius_km


def _label(item: Locality) -> str:
    country = country_name(item.country) if item.country else None
    return ", ".join(dict.fromkeys(part for part in (item.name, item.region, country) if part))


@lru_cache(maxsize=1)
def _other_names() -> Mapping[str, tuple[str, ...]]:
    with (Path(__file__).parent / "city_names.csv").open(encoding="utf-8", newline="") as file:
        return {
            folded(row["name"]): tuple(folded(name) for name in row["also"].split(";"))
            for row in csv.DictReader(file)
        }
