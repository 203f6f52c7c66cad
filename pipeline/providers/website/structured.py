"""What the data inside a page, made for machines, says of its company: JSON-LD and microdata (schema.org)."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

_MAX_BLOCKS, _MAX_THINGS, _MAX_TEXTS = 20, 500, 5
_LONGEST_BLOCK, _WRAP = 300_000, 60
# CDATA marks, comments and semicolons around a value.
_BEFORE = re.compile(r"[\s\ufeff]*(?:<!--)?\s*(?://|/\*)?\s*(?:<!\[CDATA\[)?\s*(?:\*/)?\s*")
_AFTER = re.compile(r"[;\s]*(?://|/\*)?\s*(?:\]\]>)?\s*(?:\*/)?\s*(?://)?\s*(?:-->)?\s*$")
_OPEN_GRAPH = {
    "email": ("og:email", "business:contact_data:email"),
    "telephone": ("og:phone_number", "business:contact_data:phone_number"),
}
# Parts of a thing that are somebody else: who wrote about it, made it, owns or pays for it.
_OTHERS = frozenset(
    {
        "review", "reviews", "author", "creator", "contributor", "sponsor", "funder", "memberOf",
        "parentOrganization", "performer", "organizer", "reviewedBy", "maintainer", "copyrightHolder",
        "isRelatedTo", "isSimilarTo", "brand", "containsPlace", "containedInPlace", "itemReviewed", "seller",
        "manufacturer", "comment", "mentions",
    }
)  # fmt: skip


def things(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The things JSON-LD blocks describe, the outer ones first, however they are nested."""
    waiting: deque[object] = deque()
    for node in tree.css('script[type*="ld+json" i]')[:_MAX_BLOCKS]:
        waiting.extend(_blocks(node.text()))
    for _ in range(_MAX_THINGS):
        if not waiting:
            return
        item = waiting.popleft()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.extend(
                part for key, part in item.items() if key not in _OTHERS and isinstance(part, dict | list)
            )


def texts(value: object) -> list[str]:
    """The texts of a value; a whole number is one, too, as phone numbers are written so."""
    items = value if isinstance(value, list) else [value]
    return [
        str(item)
        for item in items[:20]
        if isinstance(item, str | int) and not isinstance(item, bool) and str(item).strip()
    ]


def marked(tree: LexborHTMLParser, name: str) -> list[str]:
    """The values of a property in microdata, RDFa or Open Graph that no visible text gives."""
    names = (
        f'itemprop="{name}"',
        *(f'property="{other}"' for other in (f"schema:{name}", *_OPEN_GRAPH[name])),
    )
    # One after the other: for several selectors at once selectolax 1.0.2 gives elements twice and others not at all.
    nodes = [node for marker in names for node in tree.css(f"[{marker}][content]")[:_MAX_TEXTS]]
    return [node.attributes.get("content") or "" for node in nodes]


def _blocks(text: str) -> list[object]:
    """The values of a block, with what sites wrap around them taken off; nothing when it is no JSON."""
    if len(text) > _LONGEST_BLOCK:
        return []
    head, tail = _BEFORE.match(text), _AFTER.search(text, max(0, len(text) - _WRAP))
    plain = text[head.end() if head else 0 : tail.start() if tail else len(text)]
    for candidate in (plain, html.unescape(plain)):
        try:
            # Line breaks inside texts are against the rules and common.
            return [json.loads(candidate, strict=False)]
        except (ValueError, RecursionError):
            continue
    return []
