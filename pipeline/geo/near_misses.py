"""Names that come near a typed one that nobody knows: misspelt, cut short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from pipeline.geo.typed import Span, TypedName

LONGEST_EDIT = 3
"""So many letters may differ in a long name; our own choice, as all of this: one in a name of up to five letters, two
in one of up to eight."""
_MOST_NAMES = 3
_SHORTEST, _SHORTEST_BEGINNING = 3, 4


def spans(typed: TypedName) -> Iterator[Span]:
    """The words that may be misspelt: each part, and the rows of words in it, longest first."""
    found = {
        span.text: span for span in typed.spans() if len(span.text) >= _SHORTEST and not _has_digit(span)
    }
    yield from sorted(found.values(), key=lambda span: -len(span.text))


def corrected(typed: TypedName, names: Sequence[str]) -> Iterator[TypedName]:
    """The text with one misspelt name put right, the likeliest first."""
    for span in spans(typed):
        for name in _near(span.text, names):
            yield from _with(typed, span, name)


def _near(text: str, names: Sequence[str]) -> Iterator[str]:
    edits = 1 if len(text) <= 5 else 2 if len(text) <= 8 else LONGEST_EDIT
    found = extract(text, names, scorer=OSA.distance, score_cutoff=edits, limit=_MOST_NAMES)
    yield from (name for name, _, _ in found)
    if len(text) >= _SHORTEST_BEGINNING:
        longer = (name for name in names if name.startswith(text) or f" {text}" in name)
        yield from [name for name in longer if name != text][:_MOST_NAMES]


def _with(typed: TypedName, span: Span, name: str) -> Iterator[TypedName]:
    """The text with a name in place of the words of a span."""
    words = tuple(span.words)
    for number, part in enumerate(typed.parts):
        for start in range(len(part) - len(words) + 1):
            if part[start : start + len(words)] == words:
                changed = (*part[:start], *name.split(), *part[start + len(words) :])
                parts = (*typed.parts[:number], changed, *typed.parts[number + 1 :])
                yield replace(typed, parts=parts)


def _has_digit(span: Span) -> bool:
    return any(char.isdigit() for char in span.text)
