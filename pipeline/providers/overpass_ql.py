"""Overpass QL, the language in which an Overpass server is asked for businesses."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.place import Area, TypeMatch

_TIMEOUT_S = 12  # Less than a whole exchange may take, so that the server gives up before we do.
_MAX_BYTES = 64 * 1024 * 1024


def ql(types: Sequence[TypeMatch], area: Area, most: int) -> str:
    """The question in Overpass QL; whatever a person typed is a quoted string or a literal of a pattern."""
    around = f"(around:{round(area.radius_km * 1000)},{area.lat:.6f},{area.lon:.6f})"
    lines = [f"nwr{selector}{around};" for match in types for selector in _selectors(match)]
    head = f"[out:json][timeout:{_TIMEOUT_S}][maxsize:{_MAX_BYTES}];"
    return f"{head}({''.join(lines)});out center tags {most};"


def _selectors(match: TypeMatch) -> Iterator[str]:
    words = "".join(f'["name"~{_pattern(word)},i]' for word in match.words)
    if not match.tags:
        yield f'{words}[~"^(amenity|shop|office|craft|healthcare|leisure|tourism)$"~"."]'
    for tag in match.tags:
        (key, value), *finer = (part.split("=", 1) for part in tag.split("+"))
        narrowed = "".join(f"[{_quoted(other)}~{_pattern(text, among=True)}]" for other, text in finer)
        yield f'[{_quoted(key)}={_quoted(value)}]{narrowed}["name"]{words}'
    for key, values in _by_key(match.tags).items():
        yield f'[{_quoted(key)}~{_one_of_several(values)}]["name"]{words}'


def _by_key(tags: Sequence[str]) -> dict[str, list[str]]:
    """The values of each key, without those that another tag narrows."""
    values: dict[str, list[str]] = defaultdict(list)
    for tag in tags:
        if "+" not in tag:
            key, value = tag.split("=", 1)
            values[key].append(value)
    return values


def _one_of_several(values: Sequence[str]) -> str:
    """A pattern for a list such as ``tyres;car_repair`` with one of the values in it. One for all of them: every
    pattern has the server read all that the area holds of the key."""
    any_of = "|".join(map(_literal, values))
    return _quoted(f"(^|;) *({any_of}) *;|; *({any_of}) *$")


def _quoted(text: str) -> str:
    """A QL string; its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _pattern(word: str, *, among: bool = False) -> str:
    """A literal inside a POSIX pattern inside a QL string; ``among``: a value that may stand among others."""
    literal = _literal(word)
    return _quoted(f"(^|;) *{literal} *(;|$)" if among else literal)


def _literal(word: str) -> str:
    return "".join(char if char.isalnum() else f"[{char}]" if char not in "^\\]" else "." for char in word)
