"""The text of a company's pages as evidence: lines a visitor sees, parted into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.words.text import folded

LONGEST = 400
"""Characters of a passage that is cited; what is longer is no sentence. Our own choice."""
_LEAST_LETTERS = 6
# Behind a full stop of CJK no blank stands; behind one of an abbreviation or a number no sentence ends.
_END = re.compile(r"(?<=[.!?…])(?<![\s.(]\w\.)(?<!^\w\.)(?<!\d\.)[\"”»')\]]*\s+|(?<=[。！？])")
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+|\(at\)|\[at\]|(?:\d[\s()/.-]{0,3}){7,}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a company's site: its address, and the lines a visitor sees there."""

    url: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more whole sentences of a page, as they stand there."""

    text: str
    page: str


def normal(text: str) -> str:
    """The one change that is made before texts are compared: any white space is one blank."""
    return " ".join(text.split())


def sentences(page: Page) -> Iterator[str]:
    """What is said on a page, sentence after sentence."""
    for line in page.lines:
        yield from (part for part in map(normal, _END.split(normal(line))) if part)


def passage_of(quote: str, page: Page) -> Passage | None:
    """The whole sentences that a quotation stands in, letter by letter; None where it stands nowhere on the page."""
    wanted = normal(quote)
    if not wanted:
        return None
    for line in map(normal, page.lines):
        start = line.find(wanted)
        if start >= 0:
            return Passage(_widened(line, start, start + len(wanted)), page.url)
    return None


def is_citable(text: str) -> bool:
    """Whether a passage may be kept as evidence: of the length of a sentence, and with nobody's address or number, as
    those are kept as contacts or not at all."""
    letters = sum(map(str.isalnum, text))
    return letters >= _LEAST_LETTERS and len(text) <= LONGEST and not _CONTACT.search(text)


def _widened(line: str, start: int, end: int) -> str:
    """The sentences of a line that a part of it lies in: half a sentence may say the opposite of the whole."""
    place, kept = 0, list[str]()
    for sentence in map(normal, _END.split(line)):
        here = line.find(sentence, place)
        place = here + len(sentence)
        if here < end and start < place:
            kept.append(line[here:place])
    return " ".join(kept)


def repeats(sentence: str, text: str) -> bool:
    """Whether a sentence is another text word by word, but for a yes or a no."""
    said, asked = folded(sentence).split(), folded(text).split()
    rest = [word for word in said if word not in _ANSWERS]
    return len(rest) < len(said) and rest == [word for word in asked if word not in _ANSWERS]


_ANSWER_WORDS = (
    "yes no true false answer verdict ja nein kylla ei oui non si sim nao nej nee correct confirmed"
)
_ANSWERS = frozenset(_ANSWER_WORDS.split())
