"""What a page says in markup of its own."""

from __future__ import annotations

import re
from html import unescape

_FIGURE = re.compile(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>")
_TAG = re.compile(r"<[^>]*>")


def figures_in(markup: str) -> dict[str, str]:
    """Value by label, in their order."""
    return {unescape(label): unescape(value) for label, value in _FIGURE.findall(markup)}


def words_in(markup: str) -> str:
    """Its text, a figure as ``Total cost: $0.00``."""
    return unescape(_TAG.sub("\n", _FIGURE.sub(r"\1: \2", markup)))
