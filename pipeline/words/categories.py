"""Business types by name, and the OpenStreetMap tags each means.

``categories.csv`` holds one category a line: its label, its group, its tags and other names people use. A tag may be
narrowed by another one: ``amenity=restaurant+cuisine=pizza``. What it lacks, and other languages, ``lexicon`` has.
Tags and their meaning: https://wiki.openstreetmap.org/wiki/Map_features
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.words import lexicon
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
    "lodging": (
        "Accommodation",
        "lodging",
        "places to stay",
        "unterkunft",
        "hébergement",
        "majoitus",
        "noclegi",
    ),
    "leisure": ("Leisure and culture", "entertainment", "leisure", "culture"),
    "education": ("Education and childcare", "education", "schools"),
    "vehicle": ("Vehicles", "automotive", "cars and bikes"),
    "service": ("Services", "local services"),
    "trade": (
        "Crafts and trades",
        "trades",
        "craftsmen",
        "tradesmen",
        "workshops",
        "crafts",
        "handwerker",
        "handwerksbetrieb",
        "artisan",
    ),
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
_SAYS_NOTHING = frozenset({"yes", "unknown", "store"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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
    return known_label(tag) or tag.rpartition("=")[2].replace("_", " ").strip().capitalize() or tag


def known_label(tag: str) -> str | None:
    """The label of a tag somebody gave one; None for others."""
    return _main_labels().get(tag) or lexicon.labels().get(tag) or _labels().get(tag)


def is_category(tag: str) -> bool:
    """Whether ``categories.csv`` lists the tag."""
    return tag in _labels()


def named(text: str) -> tuple[Category, ...]:
    """The categories ``categories.csv`` calls so; a name that several share means all of them."""
    return _index().get(key(text), ())


def akin(text: str) -> tuple[Category, ...]:
    """The categories it calls by another form of this name: another number, gender or case."""
    return _by_stem().get(lexicon.stem(text), ())


def group_named(text: str) -> str | None:
    """The group of categories that is called so."""
    return _groups().get(key(text))


def all_names() -> Mapping[str, tuple[Category, ...]]:
    """Key of every name in ``categories.csv`` to its categories, for comparing."""
    return _index()


def key(text: str) -> str:
    """A name as names are compared: English plurals, spaces, British and American spelling aside."""
    words = (singular(word) for word in folded(text).split())
    return "".join(_SPELLING.get(word, word) for word in words)


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, str]:
    return {tag: category.label for category in all_categories() for tag in category.tags}


@lru_cache(maxsize=1)
def _main_labels() -> Mapping[str, str]:
    return {category.tags[0]: category.label for category in all_categories()}


@lru_cache(maxsize=1)
def _index() -> Mapping[str, tuple[Category, ...]]:
    """Key of a name to the categories of that name; a tag names its category only where nothing else is called so."""
    found: dict[str, dict[Category, None]] = {}
    for category in all_categories():
        for name in (category.label, *category.synonyms):
            found.setdefault(key(name), {})[category] = None
    for name, category in _tag_names():
        found.setdefault(key(name), {category: None})
    return {name: tuple(categories) for name, categories in found.items()}


@lru_cache(maxsize=1)
def _by_stem() -> Mapping[str, tuple[Category, ...]]:
    found: dict[str, dict[Category, None]] = {}
    for category in all_categories():
        for name in (category.label, *category.synonyms):
            found.setdefault(lexicon.stem(name), {})[category] = None
    return {name: tuple(categories) for name, categories in found.items()}


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, str]:
    return {key(name): group for group, names in GROUP_NAMES.items() for name in names}


def _tag_names() -> Iterator[tuple[str, Category]]:
    """Tag values as people would say them: ``shop=bed`` is a ``bed`` or a ``bed shop``."""
    for category in all_categories():
        for tag in category.tags:
            if tag != category.tags[0] and tag in lexicon.labels():
                continue
            main, _, value = tag.partition("=")
            if "+" not in tag and value.casefold() not in _SAYS_NOTHING:
                yield value.replace("_", " "), category
                yield f"{value.replace('_', ' ')} {main}", category


def group_tags(group: str) -> tuple[str, ...]:
    """Every tag of a group; ``shop`` means everything recorded as a shop, whatever its group."""
    tags = ((category, tag) for category in all_categories() for tag in category.tags)
    if group == "shop":
        return tuple(tag for _, tag in tags if tag.startswith("shop="))
    return tuple(tag for category, tag in tags if category.group == group)
