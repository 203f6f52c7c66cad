"""Kinds of business as the words of other sources are mapped to them: tags of OpenStreetMap, a finer one behind a plus.

A file of words holds a kind a line and what means it; ``-`` stands for what is no business.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

NO_BUSINESS = "-"
MOST_KINDS = 4
"""Of what somebody says a business is besides, so many count."""


@lru_cache(maxsize=8)
def mapped(file_name: str) -> Mapping[str, str]:
    """Every name that a file of words beside this one has, to its kind."""
    with (Path(__file__).parent / file_name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: row["kind"] for row in rows for name in row["categories"].split()}


def together_as(kind: str, others: Iterable[str] = ()) -> tuple[str, dict[str, str]]:
    """The category of a place that is of a kind, and of others besides, and the tags that say the rest."""
    category, finer = _parts(kind)
    tags = dict(finer)
    for other in others:
        _add(tags, category, other)
    return category, tags


def _add(tags: dict[str, str], category: str, kind: str) -> None:
    """A further kind, as OpenStreetMap writes one: a second value, or another key."""
    main, finer = _parts(kind)
    key, _, value = main.partition("=")
    if main != category:
        own_key, _, own = category.partition("=")
        had = tags.get(key, own if key == own_key else "")
        if value not in had.split(";"):
            tags[key] = f"{had};{value}" if had else value
    for tag, text in finer.items():
        tags.setdefault(tag, text)


@lru_cache(maxsize=1024)
def _parts(kind: str) -> tuple[str, dict[str, str]]:
    main, *finer = kind.split("+")
    return main, dict(tag.split("=", 1) for tag in finer)
