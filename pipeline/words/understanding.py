"""What a typed type of business is understood as, how, and what else it may mean.

Nothing is guessed in silence: every word says what became of it, and one that nobody understands stays ``UNKNOWN`` with
suggestions. Whether its words are searched for in names instead is for a person to choose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from pipeline.place import TypeMatch
from pipeline.words import phrases
from pipeline.words.categories import BUSINESS_KEYS, GROUP_NAMES, group_named, group_tags, label_for
from pipeline.words.lexicon import Told
from pipeline.words.meanings import Choice, exactly, head_of, loosely, similar
from pipeline.words.text import folded, one_line, singular

IsPlace = Callable[[str], bool]
MOST_ALTERNATIVES = 4
_TAG = re.compile(r"[a-z_]+\s*=\s*[\w.;-]+(\+[a-z_:]+=[\w.;-]+)*")
_SEPARATORS = re.compile(r"[,;/\n]")
_AND = re.compile(r"\s+(?:and|or|&|und|oder|et|ou|y|e|o|en|of|och|og|ja|i|a|и|ve)\s+", re.IGNORECASE)


class How(StrEnum):
    """How a typed type of business was understood."""

    CATEGORY = "category"
    """A name of a category, in any language."""
    FORM = "form"
    """Another form of a name: another number, gender or case, or a shop by what it sells."""
    COMPOUND = "compound"
    """A compound, by the name it ends with."""
    NARROWED = "narrowed"
    """A name of a category, and words that a business must have as well."""
    GROUP = "group"
    TAG = "tag"
    BY_NAME = "by_name"
    """No category: its words are searched for in names, because a person chose so."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One typed type of business: ``label`` and ``tags`` of what it means, and ``words`` a business must have as well.

    ``bare`` is the typed text without what was left out of it; ``left_out`` are words that say nothing here, ``place``
    is one that was typed into it. ``alternatives`` is what else it may mean, likeliest first: all there is when it is
    unknown.
    """

    typed: str
    how: How
    label: str
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    bare: str = ""
    left_out: tuple[str, ...] = ()
    place: str | None = None
    alternatives: tuple[Choice, ...] = ()

    @property
    def match(self) -> TypeMatch:
        """What sources are asked for."""
        return TypeMatch(typed=self.bare or self.typed, tags=self.tags, words=self.words)


def _no_place(text: str) -> bool:
    return False


def match_types(typed: Sequence[str], by_name: Sequence[str] = ()) -> tuple[TypeMatch, ...]:
    """What each typed business type means; a text may hold several, separated by commas.

    A type nobody understands becomes words to look for in names and descriptions: an order with one is only placed when
    it says so. Text without a single letter or digit means nothing and is left out.
    """
    return tuple(found.match for found in understood_types(typed, by_name))


def understood_types(
    typed: Sequence[str], by_name: Sequence[str] = (), is_place: IsPlace = _no_place
) -> tuple[Understood, ...]:
    """What each typed business type is understood as; ``by_name`` are those of them whose words are searched for."""
    chosen = {text.casefold() for text in by_name}
    told_apart = ([text] if text.casefold() in chosen else split(text) for text in typed)
    parts = [part.strip() for found in told_apart for part in found]
    each_once = {part.casefold(): part for part in parts}
    found = (understand(part, is_by_name=key in chosen, is_place=is_place) for key, part in each_once.items())
    return tuple(one for one in found if one.tags or one.words)


def split(text: str) -> list[str]:
    """The types a text holds: ``lawyers and notaries`` are two, ``fish and chips`` is one."""
    found: list[str] = []
    for part in [text] if _is_one(text) else _SEPARATORS.split(text):
        halves = _AND.split(part)
        several = len(halves) > 1 and not _is_one(part) and all(map(_is_one, halves))
        found += halves if several else [part]
    return found


def _is_one(text: str) -> bool:
    return group_named(text) is not None or bool(exactly(text, Told.ALIAS))


def understand(typed: str, *, is_by_name: bool = False, is_place: IsPlace = _no_place) -> Understood:
    """What one typed type of business means. ``is_place`` says whether a text is a place that is known."""
    typed = one_line(typed)
    words = tuple(folded(typed).split())
    if is_by_name:
        return Understood(typed=typed, how=How.BY_NAME, label=typed, words=_searched(words), bare=typed)
    if _TAG.fullmatch(typed.strip()) and typed.split("=")[0].strip() in BUSINESS_KEYS:
        tag = re.sub(r"\s", "", typed)
        return Understood(typed=typed, how=How.TAG, label=label_for(tag), tags=(tag,), bare=typed)
    for read in (_as_a_whole, _without_filler, _with_a_place, _narrowed, _compound):
        if found := read(typed, words, is_place):
            return found
    return _unknown(typed, words)


def _as_a_whole(
    typed: str, words: tuple[str, ...], is_place: IsPlace = _no_place, most: Told = Told.TERM
) -> Understood | None:
    text = " ".join(words)
    if group := group_named(text):
        label, tags = GROUP_NAMES[group][0], group_tags(group)
        others = tuple(exactly(text, Told.ALIAS))[:MOST_ALTERNATIVES]
        return Understood(typed=typed, how=How.GROUP, label=label, tags=tags, bare=typed, alternatives=others)
    readings = (
        (How.CATEGORY, exactly(text, Told.ALIAS)),
        (How.FORM, loosely(text)),
        (How.FORM, exactly(text, most)),
    )
    return next((_chosen(typed, how, choices) for how, choices in readings if choices), None)


def _chosen(typed: str, how: How, choices: Sequence[Choice]) -> Understood:
    first, *others = choices
    return Understood(
        typed=typed,
        how=how,
        label=first.label,
        tags=first.tags,
        bare=typed,
        alternatives=tuple(others[:MOST_ALTERNATIVES]),
    )


def _without_filler(typed: str, words: tuple[str, ...], is_place: IsPlace) -> Understood | None:
    stripped = phrases.without_filler(words)
    if not stripped.filler:
        return None
    left = _part(typed, words, stripped.start, stripped.start + len(stripped.words))
    found = understand(left, is_place=is_place)
    if found.how is How.UNKNOWN:
        return None
    return replace(found, typed=typed, left_out=(*stripped.filler, *found.left_out))


def _with_a_place(typed: str, words: tuple[str, ...], is_place: IsPlace) -> Understood | None:
    for before, after, is_certain in phrases.place_after(words):
        place = _part(typed, words, after, len(words))
        if is_certain or is_place(place):
            head = _part(typed, words, 0, before)
            found = _as_a_whole(head, words[:before]) or _without_filler(head, words[:before], _no_place)
            if found:
                return replace(found, typed=typed, place=place)
    return None


def _narrowed(typed: str, words: tuple[str, ...], is_place: IsPlace) -> Understood | None:
    """A known name, longest first, with other words before or after it: a place that is known, or words that narrow."""
    for size in range(len(words) - 1, 0, -1):
        for start in (len(words) - size, 0):
            name = _part(typed, words, start, start + size)
            found = _as_a_whole(name, words[start : start + size], most=Told.BARE)
            if found is None:
                continue
            rest = words[size:] if start == 0 else words[:start]
            beside = _part(typed, words, size, len(words)) if start == 0 else _part(typed, words, 0, start)
            if is_place(beside):
                return replace(found, typed=typed, place=beside)
            kept = _searched(phrases.without_filler(rest).words)
            whole = Choice(found.label, found.tags)
            others = (whole, *found.alternatives)[:MOST_ALTERNATIVES]
            return replace(found, typed=typed, bare=typed, how=How.NARROWED, words=kept, alternatives=others)
    return None


def _compound(typed: str, words: tuple[str, ...], is_place: IsPlace) -> Understood | None:
    head = head_of(words[0]) if len(words) == 1 else None
    if head is None:
        return None
    name, choices = head
    return replace(_chosen(typed, How.COMPOUND, choices), left_out=(words[0].removesuffix(name),))


def _unknown(typed: str, words: tuple[str, ...]) -> Understood:
    stripped = phrases.without_filler(words).words
    heads = [words[:before] for before, _, is_certain in phrases.place_after(words) if is_certain]
    asked = [stripped, *heads, stripped[-1:], stripped[:1]]
    found = _suggested(tuple(dict.fromkeys(" ".join(part) for part in asked if part)))
    return Understood(
        typed=typed, how=How.UNKNOWN, label=typed, words=_searched(words), bare=typed, alternatives=found
    )


@lru_cache(maxsize=256)
def _suggested(texts: tuple[str, ...]) -> tuple[Choice, ...]:
    found = (choice for text in texts for choice in (*exactly(text), *similar(text)))
    return tuple({choice.label: choice for choice in found}.values())[:MOST_ALTERNATIVES]


def _searched(words: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(singular(word) for word in words if not phrases.is_connecting(word))
    return kept or tuple(singular(word) for word in words)


def _part(typed: str, words: tuple[str, ...], start: int, end: int) -> str:
    """Some of the typed words as they were typed."""
    tokens = typed.split()
    return " ".join((tokens if len(tokens) == len(words) else words)[start:end])
