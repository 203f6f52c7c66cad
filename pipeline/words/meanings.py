"""The categories a name may mean, likeliest first: our own names before those of the lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.words import categories, lexicon
from pipeline.words.categories import Category
from pipeline.words.lexicon import Sense, Told
from pipeline.words.phrases import without_shop
from pipeline.words.text import folded

# A compound's last part: shorter ones are endings of too many words. Scripts without spaces need less.
_LEAST_HEAD, _LEAST_HEAD_IDEOGRAPHIC = 4, 2
_LEAST_BEFORE, _LEAST_BEFORE_IDEOGRAPHIC = 3, 1
# A shorter last part must be the name itself, not a form of it.
_LEAST_FORM = 6
_LEAST_LIKENESS = 0.72
_MOST_SIMILAR = 12
# Our own names come before those that any number of languages share.
_OWN = -1000
# How people write letters a keyboard lacks.
_WRITTEN_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A category to choose: its label, which is a name of it, and its tags."""

    label: str
    tags: tuple[str, ...]


def exactly(text: str, most: Told = Told.HINT) -> list[Choice]:
    """What is called so, in these words, and no more loosely than ``most``."""
    return _choices(categories.named(text), [sense for sense in _called(text) if sense.told <= most])


@lru_cache(maxsize=512)
def _called(text: str) -> tuple[Sense, ...]:
    plain = folded(text).replace(" ", "")
    return tuple(sense for sense in lexicon.senses(text) if sense.name.replace(" ", "") == plain)


def loosely(text: str) -> list[Choice]:
    """What is called so in another form: written out, inflected, or a shop by what it sells."""
    for spelling in _spellings(text):
        if found := exactly(spelling):
            return found
    forms = [sense for sense in lexicon.senses(text) if sense.told <= Told.ALIAS]
    if found := _choices(categories.akin(text), forms):
        return found
    sold = without_shop(folded(text))
    if not sold:
        return []
    own = [one for name in (categories.named, categories.akin) for one in name(sold)]
    found = _choices(own, lexicon.senses(sold))
    return [choice for choice in found if choice.tags[0].startswith("shop=")]


def head_of(word: str) -> tuple[str, list[Choice]] | None:
    """The longest name a compound ends with, and what it means; None when it ends with none."""
    least, before = _LEAST_HEAD, _LEAST_BEFORE
    if _is_ideographic(word):
        least, before = _LEAST_HEAD_IDEOGRAPHIC, _LEAST_BEFORE_IDEOGRAPHIC
    for start in range(before, len(word) - least + 1):
        name = word[start:]
        if found := exactly(name, Told.ALIAS) or (loosely(name) if len(name) >= _LEAST_FORM else []):
            return name, found
    return None


def similar(text: str) -> list[Choice]:
    """What is called almost so, likest first."""
    wanted = folded(text).replace(" ", "")
    found: list[tuple[float, int, Choice]] = []
    for name, likeness in _alike(wanted, categories.all_names()):
        found += [(-likeness, _OWN, choice) for choice in _choices(categories.all_names()[name], ())[:1]]
    for block in lexicon.blocks():
        for name, likeness in _alike(wanted, block):
            senses = sorted(sense for sense in lexicon.read_entry(block[name]) if sense.told <= Told.ALIAS)
            found += [(-likeness, sense.languages, _of(sense)) for sense in senses[:1]]
    ranked = sorted(found, key=lambda one: one[:2])
    return list({choice.label: choice for _, _, choice in ranked}.values())


def _alike(wanted: str, names: Iterable[str]) -> list[tuple[str, float]]:
    """Names that are almost the one wanted, with their likeness: a swapped pair of letters counts as one slip."""
    found = process.extract(
        wanted,
        list(names),
        scorer=OSA.normalized_similarity,
        score_cutoff=_LEAST_LIKENESS,
        limit=_MOST_SIMILAR,
    )
    return [(name, likeness) for name, likeness, _ in found]


def _choices(own: Iterable[Category], senses: Iterable[Sense]) -> list[Choice]:
    """Choices in order, each once. Our own categories of one name are one choice; so are equally plain senses."""
    found: list[Choice] = []
    own = tuple(dict.fromkeys(own))
    if own:
        found.append(_together((category.label, category.tags) for category in own))
        found += [Choice(category.label, category.tags) for category in own if len(own) > 1]
    ranked = list(senses)
    if ranked and not own:
        first = ranked[0]
        equal = [
            one for one in ranked if one.told is first.told is Told.NAME and one.languages == first.languages
        ]
        wide = [one for one in equal if "+" not in one.tags[0]] or equal or [first]
        found.append(_together((one.label, one.tags) for one in wide))
    found += map(_of, ranked)
    return list({choice.label: choice for choice in found}.values())


def _of(sense: Sense) -> Choice:
    return Choice(sense.label, sense.tags)


def _together(kinds: Iterable[tuple[str, tuple[str, ...]]]) -> Choice:
    each = list(dict.fromkeys(kinds))
    tags = dict.fromkeys(tag for _, tags in each for tag in tags)
    return Choice(", ".join(dict.fromkeys(label for label, _ in each)), tuple(tags))


def _spellings(text: str) -> Iterator[str]:
    plain = folded(text)
    for written, letter in _WRITTEN_OUT:
        if written in plain:
            yield plain.replace(written, letter)
    everywhere = plain
    for written, letter in _WRITTEN_OUT:
        everywhere = everywhere.replace(written, letter)
    if everywhere != plain:
        yield everywhere


def _is_ideographic(word: str) -> bool:
    return any("぀" <= char <= "ヿ" or "一" <= char <= "鿿" for char in word)
