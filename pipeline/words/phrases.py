"""Words around a type of business that say nothing of it: praise, nearness, the word for shop, and "in" before a place.

``phrases.csv`` lists them, a language or two a line.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.words.text import folded

_FILLER, _SHOP, _PLACE, _PERHAPS = "filler", "shop", "place", "perhaps"
_LONGEST = 4
_LEAST_REST = 3


@dataclass(frozen=True, slots=True)
class Stripped:
    """Words without the filler before and after them, where they began, and the filler."""

    words: tuple[str, ...]
    start: int
    filler: tuple[str, ...]


def without_filler(words: tuple[str, ...]) -> Stripped:
    """Words without what says nothing at their beginning and end; words that are nothing else stay."""
    start, end, filler = 0, len(words), list[str]()
    while end - start > 1:
        most = min(_LONGEST, end - start - 1)
        before = next((size for size in range(most, 0, -1) if _is_filler(words[start : start + size])), 0)
        after = next((size for size in range(most, 0, -1) if _is_filler(words[end - size : end])), 0)
        if before:
            filler.append(" ".join(words[start : start + before]))
            start += before
        elif after:
            filler.append(" ".join(words[end - after : end]))
            end -= after
        else:
            break
    return Stripped(words[start:end], start, tuple(filler))


def _is_filler(words: tuple[str, ...]) -> bool:
    return " ".join(words) in _phrases(_FILLER)


def without_shop(text: str) -> str | None:
    """What is sold, of a folded name that says "shop": ``bicycle`` of ``bicycle shop``, ``fahrrad`` of
    ``fahrradladen``. None when it does not say that."""
    for phrase in _phrases(_SHOP):
        for rest in (
            text.removeprefix(f"{phrase} "),
            text.removesuffix(f" {phrase}"),
            text.removesuffix(phrase),
        ):
            if rest != text and len(rest.strip()) >= _LEAST_REST:
                return rest.strip()
    return None


def place_after(words: tuple[str, ...]) -> list[tuple[int, int, bool]]:
    """Every way to part words before a place: how many come before the "in", how many with it, and whether it is one
    that always stands before a place, other than "of" or "at"."""
    return [
        (start, start + size, phrase in _phrases(_PLACE))
        for start in range(1, len(words) - 1)
        for size in range(min(_LONGEST, len(words) - start - 1), 0, -1)
        if (phrase := " ".join(words[start : start + size])) in _phrases(_PLACE)
        or phrase in _phrases(_PERHAPS)
    ]


def is_connecting(word: str) -> bool:
    """Whether a word only ties others together: ``of``, ``de``, ``für``."""
    return word in _phrases(_PERHAPS) or word in _phrases(_PLACE)


def _phrases(kind: str) -> Mapping[str, None]:
    return _all()[kind]


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, None]]:
    found: dict[str, list[str]] = {_FILLER: [], _SHOP: [], _PLACE: [], _PERHAPS: []}
    with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["kind"]] += [folded(phrase) for phrase in row["phrases"].split(";")]
    return {kind: dict.fromkeys(sorted(phrases, key=len, reverse=True)) for kind, phrases in found.items()}
