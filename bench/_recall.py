"""Whether a search finds what the raw tags of a file say is there, a category and a place at a time, and nothing else.

A row is of a category when one of its tags says so, and in a place when it says that itself; rows that name no place
are left to geometry and judged neither way. Categories are asked for by their labels, as people choose them.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from bench._installation import empty_database
from jobs.catalogue_search import CatalogueSearch
from pipeline.discovery.discover import MAX_CANDIDATES
from pipeline.place import PlaceQuery
from pipeline.words.categories import label_for
from pipeline.words.understanding import match_types
from services import catalogue

LEAST = 0.98
_KEYS = ("amenity", "shop", "craft", "office", "healthcare", "tourism", "leisure")
_PLACE_KEYS = ("city", "addr:suburb", "postcode")
# Enough rows for a share to say something; our own choice.
_LEAST_OF_CATEGORY, _LEAST_OF_PLACE = 5, 20
_GONE = re.compile(r"(?:closed|off|permanently closed)", re.IGNORECASE)
_SHOWN = 8

Tags = Mapping[str, str]


@dataclass
class Share:
    """How many of how many, and what the others are."""

    right: int = 0
    all_: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, is_right: bool, shown: str) -> None:
        """Count one."""
        self.right += is_right
        self.all_ += 1
        if not is_right:
            self.wrong.append(shown)

    @property
    def share(self) -> float:
        return self.right / self.all_ if self.all_ else 1.0


@dataclass
class Judged:
    """What was found of what is there, and what of what was found belongs there."""

    recall: Share = field(default_factory=Share)
    precision: Share = field(default_factory=Share)

    def line(self, name: str) -> str:
        """Both figures with their numbers."""
        return (
            f"{name:<34}{self.recall.share:>8.4f} of {self.recall.all_:>6,}"
            f"{self.precision.share:>10.4f} of {self.precision.all_:>6,}"
        )


@dataclass(frozen=True, slots=True)
class _Search:
    """One category asked for in one place, with what came of it and what the rows say."""

    place: str
    category: str
    found: frozenset[str]
    rows: Sequence[Tags]
    wanted: frozenset[str]
    key: str
    country: str | None

    def count(self, judged: Iterable[Judged]) -> None:
        """Add every row that should be found, and every one that was and names a place."""
        for tags in self.rows:
            names, is_found = _place_names(tags.get(self.key), self.country), tags["osm_id"] in self.found
            belongs = not (
                self.wanted.isdisjoint(_kinds(tags))
                or names.isdisjoint(_place_names(self.place, self.country))
            )
            shown = (
                f"{self.category} in {self.place}: {tags['name']} ({tags['category']}, {tags.get(self.key)})"
            )
            for each in judged:
                if belongs:
                    each.recall.add(is_found, shown)
                if is_found and names:
                    each.precision.add(belongs, shown)


def is_missed(files: Iterable[tuple[Path, str | None, Sequence[Tags]]]) -> bool:
    """Print recall and precision of every place and category; whether one of the sums is below its bar."""
    places, categories, total = defaultdict[str, Judged](Judged), defaultdict[str, Judged](Judged), Judged()
    for path, country, rows in files:
        for search in _searches(path, country, [tags for tags in rows if not _is_gone(tags)]):
            place = f"{search.place} ({path.name.partition('.')[0]})"
            search.count((places[place], categories[search.category], total))
    print(f"\n{'':<34}{'recall':>8}{'precision':>20}")
    for name, judged in [*sorted(places.items()), *sorted(categories.items()), ("all", total)]:
        print(judged.line(name))
    for kind, share in (("not found", total.recall), ("wrongly found", total.precision)):
        for shown in share.wrong[:_SHOWN]:
            print(f"    {kind}: {shown}")
    print(f"recall {total.recall.share:.4f}, precision {total.precision.share:.4f}  (bars {LEAST})")
    return min(total.recall.share, total.precision.share) < LEAST


def _searches(path: Path, country: str | None, rows: Sequence[Tags]) -> Iterator[_Search]:
    with tempfile.TemporaryDirectory() as folder, empty_database(Path(folder)):
        catalogue.import_places(catalogue.Order(path=path, name=path.name, country=country))
        source = CatalogueSearch()
        for (key, place), category in product(_places(rows), _categories(rows)):
            types = match_types([label_for(category)])
            area = source.locate(place, None)
            query = PlaceQuery(types=types, area=area, limit=MAX_CANDIDATES) if area else None
            found = (one.source_ref for batch in (source.search(query) if query else ()) for one in batch)
            wanted = frozenset({category}.union(*(match.tags for match in types)))
            yield _Search(place, category, frozenset(found), rows, wanted, key, country)


def _place_names(text: str | None, country: str | None) -> frozenset[str]:
    """As different people may write them: letter case aside, a postcode with or without its country."""
    parts = (part.strip().casefold() for part in (text or "").split(","))
    before = re.compile(rf"^{(country or '').casefold()}-?(?=\d)")
    return frozenset(before.sub("", part) for part in parts if part)


def _places(rows: Sequence[Tags]) -> Iterator[tuple[str, str]]:
    """Every place enough rows name, with the tag they name it by."""
    for key in _PLACE_KEYS:
        named = Counter(text for tags in rows if (text := tags.get(key, "").strip()))
        yield from ((key, text) for text, times in named.items() if times >= _LEAST_OF_PLACE)


def _categories(rows: Sequence[Tags]) -> list[str]:
    """Every category enough rows are of."""
    counted = Counter(tags["category"] for tags in rows)
    return [category for category, times in counted.items() if times >= _LEAST_OF_CATEGORY]


def _kinds(tags: Tags) -> set[str]:
    """All a row says it is, several values of a key apart."""
    said = [tags["category"], *(f"{key}={tags[key]}" for key in _KEYS if key in tags)]
    return {
        f"{key}={one.strip()}"
        for key, _, values in (text.partition("=") for text in said)
        for one in values.split(";")
    }


def _is_gone(tags: Tags) -> bool:
    """Whether a row says in its own words that the business is gone: none to be found."""
    said_so = any(tags.get(key) == "yes" for key in ("disused", "abandoned"))
    return said_so or _GONE.fullmatch(tags.get("opening_hours", "").strip()) is not None
