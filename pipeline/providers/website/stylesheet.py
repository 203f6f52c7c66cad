"""What the styles inside a page hide or turn round, as far as plain selectors go: a class, an id, a tag with a class.

Sheets in files of their own are not asked for: a trap must work without them, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from pipeline.providers.website.looks import Look

Attributes = Mapping[str, str | None]

_MAX_SHEET = 200_000
_HIDES = re.compile(
    r"display:none|visibility:(hidden|collapse)|font-size:0(?![.\d])|(left|right|top|text-indent):-\d{3,}|clip:rect\(0"
)
_TURNS = re.compile(r"unicode-bidi:(bidi-override|isolate-override)")
_RIGHT_TO_LEFT = re.compile(r"direction:rtl")
_LOOKS = re.compile(
    r"color:|background|opacity:|font-size:|height:|width:|transform:|clip-path:|filter:|mask|content-vis"
)
_OF_TAG = re.compile(r"[a-z][a-z0-9]*", re.IGNORECASE)
_SIMPLE = re.compile(r"[a-z0-9]*[.#][\w-]+", re.IGNORECASE)


@dataclass(slots=True)
class Styles:
    """The selectors of a page that hide what they name, those that turn its letters round, and the rules of those that
    say how text looks."""

    hiding: set[str] = field(default_factory=set)
    turning: set[str] = field(default_factory=set)
    looks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: LexborHTMLParser) -> Styles:
        """The styles written in a page."""
        styles = cls()
        sheet = "".join(node.text() for node in tree.css("style"))[:_MAX_SHEET]
        for selectors, rules in _rules(sheet):
            named = {name.strip() for name in selectors.split(",") if _SIMPLE.fullmatch(name.strip())}
            plain = _plain(rules)
            if _LOOKS.search(plain):
                tags = {name.strip() for name in selectors.split(",") if _OF_TAG.fullmatch(name.strip())}
                for name in (*named, *tags):
                    styles.looks[name] = f"{styles.looks.get(name, '')};{plain}"
            if _HIDES.search(plain):
                styles.hiding |= named
            elif re.search(r"display:|visibility:visible", plain):
                styles.hiding -= named
            if _TURNS.search(plain) and _RIGHT_TO_LEFT.search(plain):
                styles.turning |= named
        return styles

    def hides(self, tag: str, attributes: Attributes) -> bool:
        """Whether an element is not drawn."""
        style = _plain(attributes.get("style") or "")
        if "hidden" in attributes or _HIDES.search(style):
            return True
        return (
            bool(self.hiding)
            and "display:" not in style
            and not self.hiding.isdisjoint(_names(tag, attributes))
        )

    def look(self, outer: Look, tag: str, attributes: Attributes) -> Look:
        """How the text of an element inside another looks."""
        style = _plain(attributes.get("style") or "")
        if self.looks:
            names = (tag, *_names(tag, attributes))
            style = ";".join([*(self.looks[name] for name in names if name in self.looks), style])
        return outer.inside(tag, attributes, style)

    def reverses(self, tag: str, attributes: Attributes) -> bool:
        """Whether an element's letters are drawn from right to left."""
        style = _plain(attributes.get("style") or "")
        if _TURNS.search(style) and _RIGHT_TO_LEFT.search(style):
            return True
        return bool(self.turning) and not self.turning.isdisjoint(_names(tag, attributes))


def _plain(rules: str) -> str:
    return re.sub(r"\s+", "", rules).casefold() if rules else ""


def _names(tag: str, attributes: Attributes) -> Iterator[str]:
    for name in (attributes.get("class") or "").split():
        yield f".{name}"
        yield f"{tag}.{name}"
    if attributes.get("id"):
        yield f"#{attributes['id']}"
        yield f"{tag}#{attributes['id']}"


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors with their rules; what stands inside ``@media`` and the like holds on some screens only."""
    depth, start, selectors, is_at = 0, 0, "", False
    for brace in re.finditer(r"[{}]", re.sub(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/", "", sheet)):
        text = brace.string[start : brace.start()]
        start = brace.end()
        if brace.group() == "{":
            if depth == 0:
                selectors, is_at = text, text.lstrip().startswith("@")
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and not is_at:
                yield selectors, text
