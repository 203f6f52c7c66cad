"""The words that say what a link is for: before it on its line, in its text, behind it in brackets, or just above."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.providers.website.visible import MARK, Drawn, Link

_BEHIND = re.compile(r"[\s\x1f]*\(([^\d()]{1,40})\)")
_LONGEST = 60


def labelled(page: Drawn) -> Iterator[tuple[Link, str]]:
    """Each link of a page with its label."""
    above: dict[int, str] = {}
    for before, line in zip(page.lines, page.lines[1:], strict=False):
        above[id(line)] = before.text if before.length <= _LONGEST else ""
    ends: dict[int, int] = {}
    for link in page.links:
        start = ends.get(id(link.line), 0)
        ends[id(link.line)] = link.end
        yield link, _label(link, start, above.get(id(link.line), ""))


def _label(link: Link, since: int, above: str) -> str:
    """What belongs to a link of the text since the link before it, of its own and of what follows."""
    text = link.line.text
    before = text[max(since, link.start - _LONGEST) : link.start]
    if since and (of_the_last := _BEHIND.match(before)):
        before = before[of_the_last.end() :]
    own, behind = text[link.start : link.end], _BEHIND.match(text[link.end : link.end + _LONGEST])
    label = f"{before} {own} {behind[1] if behind else ''}"
    if not before.strip(f" {MARK}") and not since and not re.search(r"\d", above):
        label = f"{above} {label}"
    return label.replace(MARK, " ")
