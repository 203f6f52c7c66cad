"""Names of places ready to compare: letter case, accents, alphabets and usual abbreviations aside."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii

from pipeline.words.text import folded

# German and Nordic letters that people without them write as two.
_AS_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
# "St.Gallen" and "St. Gallen" are two words, as "U.S.A." is not.
_ABBREVIATED = re.compile(r"\b(st|ste|sta|mt|ft)\.", re.IGNORECASE)
# A word and how most people shorten it: both are compared as the short one.
_SHORT = {
    "saint": "st",
    "sankt": "st",
    "sint": "st",
    "sainte": "ste",
    "mount": "mt",
    "fort": "ft",
}
_TWO_NAMES = re.compile(r"\s+[-–/|]\s+|/|;")


def place_key(name: str) -> str:
    """A name as it is compared: ``Saint-Étienne`` and ``St. Etienne`` are both ``st etienne``."""
    words = folded(_ABBREVIATED.sub(r"\1 ", name)).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def spellings(name: str) -> Iterator[str]:
    """The keys one name goes by: as written, with two letters for an umlaut, in Latin letters."""
    yield place_key(name)
    yield place_key(name.casefold().translate(_AS_TWO_LETTERS))
    if not name.isascii():
        yield place_key(anyascii(name))


def keys_of(names: Iterable[str]) -> tuple[str, ...]:
    """Names ready to compare, with the names other languages use for well-known cities."""
    keys: dict[str, None] = {}
    for name in names:
        for form in _forms(name):
            for key in filter(None, spellings(form)):
                keys.update(dict.fromkeys((key, *_other_names().get(key, ()))))
    return tuple(keys)


def _forms(name: str) -> Iterator[str]:
    """``Bolzano - Bozen`` is also Bolzano and Bozen."""
    yield name
    yield from (part for part in _TWO_NAMES.split(name) if len(part.strip()) > 2)


def pieces_of(keys: Iterable[str]) -> tuple[str, ...]:
    """The first and last words of longer names, by which people call them: ``frankfurt`` of ``frankfurt am main``,
    ``gaia`` of ``vila nova de gaia``."""
    words = (key.split() for key in keys)
    parts = (part for name in words for at in range(1, len(name)) for part in (name[:at], name[at:]))
    return tuple(dict.fromkeys(text for text in map(" ".join, parts) if len(text) > 2))


@lru_cache(maxsize=1)
def _other_names() -> Mapping[str, tuple[str, ...]]:
    with (Path(__file__).parent / "city_names.csv").open(encoding="utf-8", newline="") as file:
        return {
            place_key(row["name"]): tuple(key for name in row["also"].split(";") for key in spellings(name))
            for row in csv.DictReader(file)
        }
