"""The names of business types in the world's languages, kept in one file and read a block at a time.

``lexicon.zip`` is built by ``data/build_lexicon.py``; ``data/PROVENANCE.md`` says from what. Its lines are sorted by
the stem of a name, so one block of a few hundred lines answers a word, and nothing stays in memory but some blocks. A
line is the stem, a tab, and the names that have it, each with the numbers of the categories it means and how they
are called so.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from pipeline.words.text import folded, singular

PATH = Path(__file__).parent / "lexicon.zip"
STARTS, KINDS = "starts", "kinds"
_LEAST_STEM = 4
# Endings of number, gender and case that the languages of the file add to a noun, after ``folded``.
_ENDING = re.compile(
    "(?:innen|arna|erna|orna|zy|aux|inne|ine|ene|ami|ach|ow|om|ler|lar|leri|lari|in|en|er|ern|e|n|s|"
    "es|a|as|o|os|i|y|ie|ia|(?<=[aeiouy])t|"
    "ская|ские|ский|ая|ие|ые|ий|ый|ы|и|а|я|о|е|ов|ей|ь|"
    "ια|ιο|ιου|ης|ες|ος|οι|ας|η|α|ο|ς)$"
)


class Told(IntEnum):
    """How a name says a category, plainest first."""

    NAME = 0
    ALIAS = 1
    BARE = 2
    """The name of a shop without the word for shop: ``bicycle``."""
    TERM = 3
    """A word that helps to find it."""
    HINT = 4
    """Such a word of English alone, where names are known well: ``organic`` does not mean a health food shop."""


@dataclass(frozen=True, slots=True, order=True)
class Sense:
    """One thing a name may mean. ``languages`` is how many of them use it so, as a negative number: more come first."""

    told: Told
    languages: int
    label: str
    tags: tuple[str, ...]
    name: str
    """The name as it stands in the file, folded."""


def stem(text: str) -> str:
    """What two forms of a name have in common: no spaces, no accents, no endings of number, gender or case.

    Only for finding a form by another one; both sides get the same treatment.
    """
    return "".join(_stemmed(word) for word in folded(text).split())


def _stemmed(word: str) -> str:
    word = singular(word)
    while len(bare := _ENDING.sub("", word)) >= _LEAST_STEM and bare != word:
        word = bare
    return word


def senses(text: str) -> list[Sense]:
    """What the lexicon says a text means: exactly these words before other forms of them, plainest first."""
    wanted, plain = stem(text), folded(text).replace(" ", "")
    found = [
        sense for line in _block_of(wanted) if line.partition("\t")[0] == wanted for sense in _read(line)
    ]
    return sorted(found, key=lambda sense: (sense.name.replace(" ", "") != plain, sense))


def blocks() -> Iterator[dict[str, str]]:
    """Every name, without its spaces, with its entry, block after block: for comparing, not for keeping."""
    for number in range(len(_starts())):
        lines = _member(f"{number:04}").splitlines()
        entries = (entry for line in lines for entry in line.split("\t")[1:])
        yield {entry.partition("|")[0].replace(" ", ""): entry for entry in entries}


def read_entry(entry: str) -> Iterator[Sense]:
    """The senses of an entry of ``blocks``."""
    name, *meanings = entry.split("|")
    for meaning in meanings:
        number, told, languages = meaning.split(":")
        label, tags = _kinds()[int(number)]
        yield Sense(Told(int(told)), -int(languages), label, tags, name)


@lru_cache(maxsize=1)
def labels() -> Mapping[str, str]:
    """Tag to label of its categories."""
    return {tag: label for label, tags in _kinds() for tag in tags}


def _read(line: str) -> Iterator[Sense]:
    for entry in line.split("\t")[1:]:
        yield from read_entry(entry)


def _block_of(wanted: str) -> tuple[str, ...]:
    number = bisect_right(_starts(), wanted) - 1
    return _lines(number) if number >= 0 else ()


@lru_cache(maxsize=1)
def _starts() -> tuple[str, ...]:
    return tuple(_member(STARTS).splitlines())


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = (line.split("\t") for line in _member(KINDS).splitlines())
    return tuple((label, tuple(tags.split(";"))) for label, tags in rows)


@lru_cache(maxsize=8)
def _lines(number: int) -> tuple[str, ...]:
    return tuple(_member(f"{number:04}").splitlines())


def _member(name: str) -> str:
    return _file().read(name).decode()


@lru_cache(maxsize=1)
def _file() -> zipfile.ZipFile:
    """Kept in memory: reading its directory anew takes longer than reading a block, and processes that are forked would
    move each other's place in an open file."""
    return zipfile.ZipFile(BytesIO(PATH.read_bytes()))
