"""Criteria as words and phrases: a sentence answers one when it says all its words, and nothing that turns them round.

Whole words are compared, folded and without their endings; ``saying.csv`` has what some common ones are called in the
languages of the web. It is made to be right where it answers, and to say "not said" where it is not sure.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.qualification.criteria import Answer
from pipeline.qualification.turns import Turn, turn_of
from pipeline.words.lexicon import stem
from pipeline.words.text import folded

_SPAN = 4
"""Words of a sentence that may stand between those of a criterion, for each of its words; our own choice."""
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SMALL_WORDS = (
    "a an the to of for in at on with by and is are be am was has have had having do does can will it"
    " its they their them"
    " there this that these we our you your who which company business der die das ein eine einen einem einer an zu fur"
    " mit und ist sind hat haben sie ihr ihre es im in on ja se ne he on ovat jolla le la les un une des"
    " du de et est sont"
    " a ont ils elle il el los las unos una para con y es son tiene tienen lo gli i uno di per e sono ha"
    " hanno en ett den"
    " det och som ar har de het een van voor met heeft hebben ze zij um o os as do da com tem"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_OR = re.compile(r"\s+(?:or|oder|tai|ou|o|eller|of)\s+|\s*[/;,|]\s*")
Forms = tuple[tuple[str, ...], ...]
"""The ways to say one word, each a row of roots."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion as it is looked for: ``ways`` are sets of words of which one has to be said whole. ``is_turned``: it
    asks that something is not so."""

    ways: tuple[tuple[Forms, ...], ...]
    is_turned: bool

    def said_in(self, sentence: str) -> Answer | None:
        """What a sentence says to it; None where it says nothing that can be relied on."""
        tokens = _tokens(sentence)
        found = next((place for way in self.ways if (place := _place(way, tokens))), None)
        if found is None:
            return None
        turn = turn_of(sentence, [token.plain for token in tokens], *found)
        if turn is Turn.UNSURE:
            return None
        return Answer.NO if (turn is Turn.ROUND) != self.is_turned else Answer.YES

    def is_named_in(self, sentence: str) -> bool:
        """Whether a sentence says its words, whatever it makes of them."""
        tokens = _tokens(sentence)
        return any(_place(way, tokens) for way in self.ways)

    @property
    def roots(self) -> frozenset[str]:
        """Every word it may be said with that is long enough to tell something in a link."""
        return frozenset(
            root for way in self.ways for forms in way for form in forms for root in form if len(root) >= 4
        )


@dataclass(frozen=True, slots=True)
class _Token:
    plain: str
    root: str


@lru_cache(maxsize=256)
def asked(text: str) -> Asked:
    """A criterion as words and phrases; an ``or`` or a comma parts ways to say it."""
    plain = folded(text)
    is_turned = turn_of("", plain.split(), 0, len(plain.split()) - 1) is Turn.ROUND
    parts = [part for part in _OR.split(text) if part.strip()]
    if len(parts) > 1 and any(len(_content(part)) == 0 for part in parts):
        parts = [text]
    ways = [way for part in _whole(parts) if (way := tuple(map(_forms, _content(part))))]
    return Asked(tuple(ways), is_turned)


def roots_of(words: str) -> frozenset[str]:
    """The roots of the words of a link."""
    return frozenset(root_of(word) for word in folded(words).split())


@lru_cache(maxsize=20_000)
def root_of(word: str) -> str:
    """A word without its endings; only for comparing, both sides get the same treatment."""
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    root = stem(word) or word
    return root[:-1] if len(root) > 3 and root.endswith("e") else root


def _whole(parts: Sequence[str]) -> Iterator[str]:
    """The ways, where "sells to restaurants or hotels" leaves out what both share."""
    first = parts[0].split()
    for number, part in enumerate(parts):
        words = part.split()
        short = number > 0 and len(_content(part)) == 1 and len(_content(parts[0])) > 1
        yield " ".join([*first[: -len(words)], *words]) if short else part


def _content(text: str) -> list[str]:
    """The words of a criterion that have to be said, those that are said together as one."""
    words = folded(text).split()
    groups = _groups()
    kept, place = list[str](), 0
    while place < len(words):
        size = next((n for n in (3, 2) if " ".join(words[place : place + n]) in groups), 1)
        phrase = " ".join(words[place : place + size])
        if phrase not in _SMALL and turn_of("", [phrase], 0, 0) is not Turn.ROUND:
            kept.append(phrase)
        place += size
    return kept or [word for word in words if word]


def _forms(phrase: str) -> Forms:
    said = [phrase, *_groups().get(phrase, ())]
    return tuple(dict.fromkeys(tuple(map(root_of, form.split())) for form in said))


@lru_cache(maxsize=2_000)
def _tokens(sentence: str) -> tuple[_Token, ...]:
    """Kept for a while, as each criterion asks for the same ones."""
    return tuple(_Token(word, root_of(word)) for word in folded(sentence).split())


def _place(way: Sequence[Forms], tokens: Sequence[_Token]) -> tuple[int, int] | None:
    """Where a sentence says all words of a way near to each other: the first and the last of them."""
    roots, places = [token.root for token in tokens], list[list[tuple[int, int]]]()
    for forms in way:
        here = [span for form in forms for span in _spans(form, roots)]
        if not here:
            return None
        places.append(here)
    best: tuple[int, int] | None = None
    for start, _ in places[0]:
        near = [min(spans, key=lambda span: abs(span[0] - start)) for spans in places]
        first, last = min(span[0] for span in near), max(span[1] for span in near)
        if best is None or last - first < best[1] - best[0]:
            best = first, last
    return best if best and best[1] - best[0] <= _SPAN * len(way) + 1 else None


def _spans(form: tuple[str, ...], roots: Sequence[str]) -> list[tuple[int, int]]:
    if len(form) == 1 and _CJK.search(form[0]):
        # These scripts put no blanks between words.
        return [(place, place) for place, root in enumerate(roots) if form[0] in root]
    size = len(form)
    return [
        (place, place + size - 1)
        for place in range(len(roots) - size + 1)
        if tuple(roots[place : place + size]) == form
    ]


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, tuple[str, ...]]:
    """What words are also said as, by each word of their row."""
    found: dict[str, tuple[str, ...]] = {}
    with (Path(__file__).parent / "saying.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            said = tuple(map(folded, row["said"].split(",")))
            found |= {folded(word): said for word in row["asked"].split(",")}
    return found
