"""What a person typed to say where: coordinates, or the words of a name and of what it is said to lie in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.errors import SpecError
from pipeline.geo.location import Coordinates
from pipeline.geo.place_words import place_key, spellings
from pipeline.geo.postcodes import code_keys

# "Newton, Texas (33.1, -94.2)" is the Newton nearest to that point.
_NEAR_POINT = re.compile(r"^(?P<name>.+)\((?P<point>[^()]*\d[^()]*)\)\s*$")
_NUMBER = (
    r"(?P<{0}>[+-]?\d{{1,3}}(?:[.,]\d+)?|[+-]?\d+\.\d*e[+-]?\d+|[+-]?(?:nan|inf\w*|\d+e\d+|\d+(?:\.\d+)?))"
)
_DECIMAL = re.compile(
    rf"^(?:lat(?:itude)?[:=]?\s*)?{_NUMBER.format('lat')}\s*°?\s*(?P<north>[NS]?)"
    r"(?:\s*[,;/]\s*|\s+)(?:lo?ng?(?:itude)?[:=]?\s*)?"
    rf"{_NUMBER.format('lon')}\s*°?\s*(?P<east>[EWO]?)$",
    re.IGNORECASE,
)
_ANGLE = r"(\d{{1,3}})\s*[°d]\s*(?:(\d{{1,2}})\s*['′’m]\s*)?(?:(\d{{1,2}}(?:[.,]\d+)?)\s*(?:[\"″”s]|'')\s*)?([{0}])"
_SEXAGESIMAL = re.compile(rf"^{_ANGLE.format('NS')}[\s,;/]*{_ANGLE.format('EWO')}$", re.IGNORECASE)
# "111 22" is a postcode in Sweden as well as a point.
_TWO_NUMBERS = re.compile(r"\d{2,4} \d{2,4}")
_WORDS_IN_FRONT = frozenset({"in", "near", "around", "at", "the", "city", "town", "of"})
_BEGIN_FILLER = frozenset({"in", "near", "around", "at"})
_LONGEST_SPAN = 8
_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Span:
    """Words that stand together as typed, as they are compared, and the keys they may be a name by, likeliest first."""

    words: tuple[str, ...]
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypedName:
    """A place in words: ``parts`` are what commas part, each a row of words. ``near`` is a point that was added to
    tell it from others of its name. ``may_be_point``: should no postcode fit, the text is one of coordinates."""

    typed: str
    parts: tuple[tuple[str, ...], ...]
    near: Coordinates | None = None
    may_be_point: bool = False

    @property
    def whole(self) -> Span:
        """All words together, as of a name that holds a comma."""
        return _span(word for part in self.parts for word in part)

    def spans(self) -> Iterator[Span]:
        """Every row of words that could be one name."""
        yield self.whole
        for part in self.parts:
            for start in range(len(part)):
                for end in range(start + 1, min(len(part), start + _LONGEST_SPAN) + 1):
                    yield _span(part[start:end])

    def readings(self, most: int) -> Iterator[tuple[Span, ...]]:
        """Ways to take the text for up to ``most`` names one after the other, those with the fewest first."""
        yield (self.whole,)
        for count in range(len(self.parts), most + 1):
            yield from (
                tuple(_span(words) for words in names)
                for names in _divided(self.parts, count)
                if names != (self.parts[0],) or len(self.parts) > 1
            )


def parse_location(text: str) -> Coordinates | TypedName:
    """Read a typed location; raises SpecError with what to change when it cannot be one."""
    bracketed = _NEAR_POINT.match(text.strip())
    near = coordinates_of(bracketed["point"]) if bracketed else None
    name = bracketed["name"] if bracketed and near else text
    may_be_postcode = _TWO_NUMBERS.fullmatch(name.strip()) is not None
    point = None if may_be_postcode else coordinates_of(name)
    if point:
        return point
    parts = (tuple(filter(place_key, re.split(r"[\s/–-]+", part))) for part in re.split(r"[,;\n]", name))
    kept = tuple(part for part in parts if part)
    if not kept:
        raise SpecError("Type a place, for example Helsinki, or coordinates such as 60.17, 24.94.")
    if sum(map(len, kept)) > _MOST_WORDS:
        raise SpecError("Type a place in a few words, for example Helsinki or Baltimore, Maryland.")
    return TypedName(name.strip(), _without_filler(kept), near, may_be_postcode)


def coordinates_of(text: str) -> Coordinates | None:
    """The point a text gives, None for text that gives none. Raises SpecError for one that is not on Earth."""
    bare = text.strip().removeprefix("geo:").strip(" ()[]")
    decimal = _DECIMAL.match(bare)
    if decimal:
        lat = _signed(decimal["lat"], decimal["north"])
        return _checked(lat, _signed(decimal["lon"], decimal["east"]))
    angles = _SEXAGESIMAL.match(bare)
    if angles:
        found = angles.groups()
        return _checked(_degrees(*found[:4]), _degrees(*found[4:]))
    return None


def _signed(number: str, side: str) -> float:
    value = float(number.replace(",", "."))
    return -abs(value) if side.upper() in ("S", "W") else value


def _degrees(whole: str, minutes: str | None, seconds: str | None, side: str) -> float:
    value = int(whole) + int(minutes or 0) / 60 + float((seconds or "0").replace(",", ".")) / 3600
    return -value if side.upper() in ("S", "W") else value


def _checked(lat: float, lon: float) -> Coordinates:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise SpecError(
            "These coordinates are not on Earth: latitude goes from -90 to 90, longitude from -180 to 180."
        )
    return Coordinates(lat, lon)


def _without_filler(parts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """``in the city of London`` without its first words, unless nothing else stands there."""
    first = parts[0]
    words = [word.casefold() for word in first]
    kept = next((first[index:] for index, word in enumerate(words) if word not in _WORDS_IN_FRONT), first)
    return (kept if words[0] in _BEGIN_FILLER else first, *parts[1:])


def _span(words: Iterable[str]) -> Span:
    kept = tuple(words)
    text = " ".join(kept)
    as_code = code_keys("-".join(kept)) if any(map(str.isdigit, text)) else ()
    return Span(kept, place_key(text), tuple(dict.fromkeys(filter(None, (*spellings(text), *as_code)))))


def _divided(parts: tuple[tuple[str, ...], ...], count: int) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Every way to cut the parts into ``count`` rows of words in all, commas being cuts already."""
    if len(parts) == 1:
        yield from _cut(parts[0], count)
        return
    for first in range(1, count - len(parts) + 2):
        for head in _cut(parts[0], first):
            for tail in _divided(parts[1:], count - first):
                yield (*head, *tail)


def _cut(words: tuple[str, ...], count: int) -> Iterator[tuple[tuple[str, ...], ...]]:
    if count == 1:
        yield (words,)
        return
    for end in range(1, len(words) - count + 2):
        for rest in _cut(words[end:], count - 1):
            yield (words[:end], *rest)
