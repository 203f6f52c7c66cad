"""The names that chains go by, per country and kind of business; ``PROVENANCE.md`` says where they come from."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().with_name("chains.tsv.gz")
_COUNTRIES_AT_HAND = 8


@dataclass(frozen=True, slots=True)
class Brand:
    """A chain: what people call it, its Wikidata item, the kinds of business it runs and those that are easily taken
    for them, and the names it goes by, folded."""

    label: str
    wikidata: str
    categories: frozenset[str]
    names: tuple[str, ...]


@lru_cache(maxsize=_COUNTRIES_AT_HAND)
def by_name(country: str | None) -> Mapping[str, tuple[Brand, ...]]:
    """The chains of a country (ISO 3166 alpha-2) by each folded name; without one only those of the whole world."""
    found: dict[str, list[Brand]] = defaultdict(list)
    for brand in _read(country):
        for name in brand.names:
            found[name].append(brand)
    return {name: tuple(brands) for name, brands in found.items()}


@lru_cache(maxsize=1)
def by_wikidata() -> Mapping[str, str]:
    """What people call each chain, by its Wikidata item."""
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        rows = (line.split("\t", 3) for line in lines if line[0] != "@")
        return {wikidata: label for _, label, wikidata, _ in rows if wikidata}


def _read(country: str | None) -> Iterator[Brand]:
    code = (country or "").casefold()
    alike: dict[str, frozenset[str]] = {}
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            first, *rest = line.rstrip("\n").split("\t")
            places = first.split(";")
            if first[0] == "@":
                alike[first] = frozenset(rest[0].split(";"))
            elif (code in places or "*" in places) and f"-{code}" not in places:
                label, wikidata, kinds, names = rest
                own, *groups = kinds.split(";")
                categories = frozenset((own,)).union(*(alike[group] for group in groups))
                yield Brand(label, wikidata, categories, tuple(names.split(";")))
