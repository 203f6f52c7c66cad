"""How much of a page is read: counted in elements, their depth and attributes, so that every machine reads the same.

Parsing takes the square of the depth and of the attributes of an element, and an element some ten microseconds to walk:
what these bounds let through takes less than 0.3 s. Of the pages of the web nine in ten have fewer than 2,000 elements
(HTTP Archive, Web Almanac).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_ELEMENTS = 10_000
MAX_DEPTH = 512
"""As deep as the parsers of browsers go."""
MAX_ATTRIBUTES = 128
TOO_DEEP = "it is nested deeper than pages are"
TOO_WIDE = f"it has more than {MAX_ELEMENTS:,} elements"
TOO_LONG = f"an element of it has more than {MAX_ATTRIBUTES} attributes"

_TOKEN = re.compile(r"<(?:(!--)|(/?)([A-Za-z][A-Za-z0-9-]{0,40}))")
# As the standard reads them: a quote means something only behind an equals sign, and hides a bracket.
_ATTRIBUTES = re.compile(
    r"""(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+)"""
    rf"{{0,{MAX_ATTRIBUTES}}}+"
)
_END = re.compile(r"([\s/]*+)(?:>|\Z)")
# Elements that never hold others, or may be left open.
_FLAT = frozenset(
    {
        "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "frame", "head", "hr", "html",
        "img", "input", "li", "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th",
        "thead", "tr", "track", "wbr",
    }
)  # fmt: skip
_RAW = frozenset({"script", "style", "textarea", "title"})
_FOREIGN = frozenset({"svg", "math"})


@dataclass(slots=True)
class _Tag:
    """A tag of a page; without an end it has more attributes than an element may have."""

    start: int
    name: str
    is_closing: bool
    end: int | None
    closes_itself: bool


def bounded(content: str) -> tuple[str, str | None]:
    """The page up to where it leaves the bounds, and why the rest is left; None when nothing is."""
    lower, place, depth, elements, foreign = "", 0, 0, 0, 0
    while tag := _next_tag(content, place):
        if tag.end is None:
            return content[: tag.start], TOO_LONG
        place, name = tag.end, tag.name
        if tag.is_closing:
            depth = max(0, depth - (name not in _FLAT))
            foreign = max(0, foreign - (name in _FOREIGN))
            continue
        elements += 1
        depth += name not in _FLAT and not (foreign and tag.closes_itself)
        foreign += name in _FOREIGN
        if elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            return content[: tag.start], TOO_WIDE if elements > MAX_ELEMENTS else TOO_DEEP
        if name in _RAW and not foreign:
            lower = lower or content.lower()
            place = lower.find(f"</{name}", place)
            if place < 0:
                break
    return content, None


def _next_tag(content: str, place: int) -> _Tag | None:
    """The next tag outside of comments; None when there is none."""
    while token := _TOKEN.search(content, place):
        comment, closing, name = token.groups()
        if not comment:
            attributes = _ATTRIBUTES.match(content, token.end())
            end = _END.match(content, attributes.end() if attributes else token.end())
            closes_itself = end is not None and end[1].endswith("/")
            return _Tag(
                token.start(), name.casefold(), bool(closing), end.end() if end else None, closes_itself
            )
        place = content.find("-->", token.end())
        if place < 0:
            break
    return None


def without(content: str, tag: str) -> str:
    """The page without the elements of a kind; the last one counts to the end when nothing closes it."""
    lower, kept, place = content.lower(), [], 0
    while (start := lower.find(f"<{tag}", place)) >= 0:
        kept.append(content[place:start])
        end = lower.find(f"</{tag}", start)
        place = lower.find(">", end) + 1 if end >= 0 else 0
        if not place:
            return "".join(kept)
    return "".join([*kept, content[place:]])
