"""A page as a browser shows it: its lines of text, what is hidden, and where each link stands among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.providers.website.looks import PLAIN, Look
from pipeline.providers.website.stylesheet import Attributes, Styles

MARK = "\x1f"
"""Stands in a line where an inline element begins or ends: a browser shows no blank there."""

# Elements a browser draws inside a line; every other one starts a line of its own. Custom elements are inline.
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i",
        "ins", "kbd", "label", "mark", "nobr", "q", "del", "s", "strike", "samp", "small", "span", "strong",
        "sub", "sup", "time", "tt", "u", "var",
    }
)  # fmt: skip
_UNSHOWN = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "iframe",
        "object",
        "canvas",
        "-comment",
        "wbr",
    }
)
_SINGLE = frozenset({"br", "img", "area"})
_STRUCK = frozenset({"del", "s", "strike"})
CODED = frozenset({"data-cfemail", "data-mailto-token", "data-enc-email", "data-domain"})
"""Attributes that hold an encoded address."""
_SITE_FRAME = frozenset({"footer", "header", "nav", "aside"})
_FRAME_NAME = re.compile(r"\b(footer|fusszeile|colophon|sidebar|topbar)\b")
_AT_PICTURE = re.compile(r"\s*[\[(]?(@|at)[\])]?\s*", re.IGNORECASE)
_UNSEEN = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF, ord(MARK)]
)
"""Soft hyphens, zero-width marks and marks of direction."""


@dataclass(slots=True)
class Line:
    """One line; ``is_hidden``: no visitor sees it. ``is_framed``: it stands in the frame all pages of a site share.
    ``faint`` are the parts of which it is doubtful whether a visitor sees them, from and to."""

    is_hidden: bool = False
    is_framed: bool = False
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    faint: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Go on with the line; kept in pieces, as joining each time takes the square of the length."""
        self.pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """What is written on it, inline elements marked."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    @property
    def sure(self) -> str:
        """What of it a visitor surely sees, on one line."""
        kept, place = list[str](), 0
        for start, end in self.faint:
            kept.append(self.text[place:start])
            place = end
        return " ".join("".join([*kept, self.text[place:]]).replace(MARK, "").split())


@dataclass(slots=True)
class Link:
    """An element with an address, and where its own text stands: ``line.text[start:end]``."""

    tag: str
    attributes: Attributes
    line: Line
    start: int
    end: int = 0


@dataclass(slots=True)
class Drawn:
    """What is drawn of a page, and what is hidden."""

    lines: list[Line] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def shown(self) -> Iterator[Line]:
        """The lines a visitor sees."""
        return (line for line in self.lines if not line.is_hidden)


@dataclass(slots=True)
class _Open:
    """An element whose children are being drawn; ``before`` is the line it hides a part of."""

    node: LexborNode
    is_hidden: bool
    is_framed: bool
    is_inline: bool
    look: Look = PLAIN
    before: Line | None = None
    reversed_from: int | None = None
    link: Link | None = None


def drawn(tree: LexborHTMLParser) -> Drawn:
    """The lines of a page in their order."""
    page = Drawn()
    if tree.body is not None:
        _Pen(page, Styles.of(tree)).draw(tree.body)
    page.lines = [line for line in page.lines if line.text.strip(f" {MARK}")]
    return page


class _Pen:
    def __init__(self, page: Drawn, styles: Styles) -> None:
        self._page = page
        self._styles = styles
        self._line = Line()

    def draw(self, root: LexborNode) -> None:
        """Without recursion: strangers decide how deep a page is."""
        look = self._styles.look(PLAIN, root.tag or "", root.attributes)
        open_elements = [_Open(root, is_hidden=False, is_framed=False, is_inline=False, look=look)]
        self._new_line(open_elements[0])
        node = root.child
        while open_elements:
            if node is None:
                closed = open_elements.pop()
                if open_elements:
                    self._leave(closed, open_elements[-1])
                    node = closed.node.next
            elif node.is_text_node:
                self._write(node.text_content or "", open_elements[-1].look)
                node = node.next
            elif entered := self._enter(node, open_elements[-1]):
                open_elements.append(entered)
                node = node.child
            else:
                node = node.next

    def _write(self, text: str, look: Look) -> None:
        start = self._line.length
        seen = text.translate(_UNSEEN)
        words = " ".join(seen.split())
        if seen[:1].isspace():
            self._line.add(" ")
        self._line.add(words + " " if words and seen[-1:].isspace() else words)
        if look.is_faint and words:
            self._line.faint.append((start, self._line.length))

    def _enter(self, node: LexborNode, outer: _Open) -> _Open | None:
        """Begin an element; None for one whose children are not drawn."""
        tag = node.tag or ""
        if tag in _UNSHOWN:
            return None
        attributes = node.attributes
        if tag in _SINGLE:
            self._draw_single(tag, attributes, outer)
            return None
        is_hidden = outer.is_hidden or tag in _STRUCK or self._styles.hides(tag, attributes)
        entered = _Open(
            node,
            is_hidden=is_hidden,
            is_framed=outer.is_framed or _is_frame(tag, attributes),
            is_inline=tag in _INLINE or "-" in tag,
            look=self._styles.look(outer.look, tag, attributes),
        )
        if is_hidden and not outer.is_hidden and entered.is_inline:
            entered.before = self._line
        if entered.before or not entered.is_inline:
            self._new_line(entered)
        else:
            self._line.add(MARK)
        if (tag == "bdo" and (attributes.get("dir") or "").lower() == "rtl") or self._styles.reverses(
            tag, attributes
        ):
            entered.reversed_from = len(self._line.pieces)
        if tag in ("a", "joomla-hidden-mail") or not attributes.keys().isdisjoint(CODED):
            entered.link = Link(tag, attributes, self._line, self._line.length)
            self._page.links.append(entered.link)
        return entered

    def _draw_single(self, tag: str, attributes: Attributes, outer: _Open) -> None:
        if tag == "br":
            self._new_line(outer)
        elif tag == "img":
            self._line.add("@" if _AT_PICTURE.fullmatch(attributes.get("alt") or "") else " ")
        elif tag == "area":
            self._page.links.append(Link(tag, attributes, self._line, self._line.length, self._line.length))

    def _leave(self, closed: _Open, outer: _Open) -> None:
        line = self._line
        if closed.reversed_from is not None:
            line.pieces[closed.reversed_from :] = ["".join(line.pieces[closed.reversed_from :])[::-1]]
        if closed.link is not None:
            closed.link.end = line.length if closed.link.line is line else closed.link.line.length
        if closed.before:
            # What was hidden inside a line leaves no gap in it.
            self._line = closed.before
        if closed.is_inline:
            self._line.add(MARK)
        else:
            self._new_line(outer)

    def _new_line(self, element: _Open) -> None:
        self._line = Line(is_hidden=element.is_hidden, is_framed=element.is_framed)
        self._page.lines.append(self._line)


def _is_frame(tag: str, attributes: Attributes) -> bool:
    if tag in _SITE_FRAME:
        return True
    if tag not in ("div", "section", "table", "td"):
        return False
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".casefold()
    return bool(_FRAME_NAME.search(names.replace("_", "-")))
