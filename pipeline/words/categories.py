"""Business types: what people type, and the OpenStreetMap tags it means.

``categories.csv`` holds one category a line: its label, its group, its tags and other names people use.
Tags and their meaning: https://wiki.openstreetmap.org/wiki/Map_features
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.place import TypeMatch
from pipeline.words.text import folded, singular

# The keys under which OpenStreetMap records businesses, most telling first.
BUSINESS_KEYS = ("amenity", "shop", "craft", "office", "healthcare", "tourism", "leisure")

# What people call a whole group of categories.
GROUP_NAMES: Mapping[str, tuple[str, ...]] = {
    "food": ("Food and drink", "food", "gastronomy", "hospitality", "places to eat", "eating out", "horeca"),
    "shop": ("Shops", "retail", "retailers", "retail shops"),
    "beauty": ("Beauty and wellness", "beauty and hair", "personal care"),
    "health": ("Health", "healthcare", "health care", "medical", "medical practices"),
    "office": ("Offices", "professional services", "business services", "b2b"),
    "money": ("Finance", "banking", "banks and finance"),
    "lodging": ("Accommodation", "lodging", "places to stay", "hotels and hostels"),
    "leisure": ("Leisure and culture", "entertainment", "leisure", "culture"),
    "education": ("Education and childcare", "education", "schools"),
    "vehicle": ("Vehicles", "automotive", "cars and bikes"),
    "service": ("Services", "local services"),
    "trade": ("Crafts and trades", "trades", "craftsmen", "tradesmen", "workshops", "crafts"),
}

# One spelling for words that differ between British and American English.
_SPELLING = {
    "center": "centre",
    "theater": "theatre",
    "jewelry": "jewellery",
    "jeweler": "jeweller",
    "tire": "tyre",
    "parlor": "parlour",
    "store": "shop",
    "organization": "organisation",
    "license": "licence",
    "orthopedic": "orthopaedic",
}
_TAG = re.compile(r"(?P<key>[a-z_]+)\s*=\s*(?P<value>[\w.;-]+)")
_SEPARATORS = re.compile(r"[,;/\n]")
_AND = re.compile(r"\s+(?:and|or|&)\s+", re.IGNORECASE)
_SAYS_NOTHING = frozenset({"yes", "unknown", "store"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One kind of business: the label people read, the tags that mean it, other names for it."""

    label: str
    group: str
    tags: tuple[str, ...]
    synonyms: tuple[str, ...]


@lru_cache(maxsize=1)
def all_categories() -> tuple[Category, ...]:
    """Every category this project knows by name, in the order of the file."""
    with (Path(__file__).parent / "categories.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Category(
                label=row["label"],
                group=row["group"],
                tags=tuple(row["tags"].split(";")),
                synonyms=tuple(filter(None, row["synonyms"].split(";"))),
            )
            for row in csv.DictReader(file)
        )


def label_for(tag: str) -> str:
    """What people call a tag: ``amenity=cafe`` is a ``Café``; an unknown tag is spelled out."""
    known = _labels().get(tag)
    if known:
        return known
    return tag.partition("=")[2].replace("_", " ").strip().capitalize() or tag


def is_category(tag: str) -> bool:
    """Whether ``categories.csv`` lists the tag."""
    return tag in _labels()


def match_types(typed: Sequence[str]) -> tuple[TypeMatch, ...]:
    """What each typed business type means; a text may hold several, separated by commas.

    A known name gives its tags. ``vegan cafe`` gives the tags of cafe and the word that narrows them.
    Anything else becomes words to look for in names and descriptions. Text without a single letter or
    digit means nothing and is left out.
    """
    parts = (part.strip() for text in typed for part in _split(text))
    matches = {part.casefold(): _match(part) for part in parts}
    return tuple(match for match in matches.values() if match.tags or match.words)


def _split(text: str) -> Iterator[str]:
    for part in [text] if _key(text) in _index() else _SEPARATORS.split(text):
        halves = _AND.split(part)
        several = _key(part) not in _index() and all(_key(half) in _index() for half in halves)
        yield from halves if several else [part]


def _match(typed: str) -> TypeMatch:
    tag = _TAG.fullmatch(typed.strip())
    if tag and tag["key"] in BUSINESS_KEYS:
        return TypeMatch(typed=typed, tags=(f"{tag['key']}={tag['value']}",))
    words = _key(typed).split()
    for start in range(len(words)):
        tags = _index().get(" ".join(words[start:]))
        if tags:
            return TypeMatch(typed=typed, tags=tags, words=tuple(words[:start]))
    return TypeMatch(typed=typed, words=tuple(words))


def _key(text: str) -> str:
    words = (singular(word) for word in folded(text).split())
    return " ".join(_SPELLING.get(word, word) for word in words)


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, str]:
    return {tag: category.label for category in all_categories() for tag in category.tags}


@lru_cache(maxsize=1)
def _index() -> Mapping[str, tuple[str, ...]]:
    """Normalised name to tags; a name several categories share means all of them."""
    found: dict[str, dict[str, None]] = {}
    for category in all_categories():
        for name in (category.label, *category.synonyms):
            found.setdefault(_key(name), {}).update(dict.fromkeys(category.tags))
    for group, names in GROUP_NAMES.items():
        for name in names:
            found[_key(name)] = dict.fromkeys(group_tags(group))
    for name, tag in _tag_names():
        found.setdefault(_key(name), {tag: None})
    return {name: tuple(tags) for name, tags in found.items()}


def _tag_names() -> Iterator[tuple[str, str]]:
    """Tag values as people would say them: ``shop=bed`` is a ``bed`` or a ``bed shop``."""
    for tag in (tag for category in all_categories() for tag in category.tags):
        key, value = tag.split("=", 1)
        if value.casefold() not in _SAYS_NOTHING:
            yield value.replace("_", " "), tag
            yield f"{value.replace('_', ' ')} {key}", tag


def group_tags(group: str) -> tuple[str, ...]:
    """Every tag of a group; ``shop`` means everything recorded as a shop, whatever its group."""
    tags = ((category, tag) for category in all_categories() for tag in category.tags)
    if group == "shop":
        return tuple(tag for _, tag in tags if tag.startswith("shop="))
    return tuple(tag for category, tag in tags if category.group == group)
