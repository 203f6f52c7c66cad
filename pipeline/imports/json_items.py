"""The items of a large JSON list, one after the other: memory goes to one, however many there are."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO

from pipeline.imports.packed_file import Broken

MAX_ITEM = 1_000_000
CHUNK_BYTES = 1 << 18
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def items(file: IO[bytes], head: re.Pattern[str], what: str, item: str) -> Iterator[object]:
    """The items of the list that ``head`` leads to. Raises Broken where the file ends too early, has an ``item`` too
    long to be one, or is no ``what``."""
    texts = codecs.iterdecode(iter(lambda: file.read(CHUNK_BYTES), b""), "utf-8", errors="replace")
    text = next(texts, "")
    if not text.strip():
        raise Broken("is empty")
    start = head.match(text)
    if start is None:
        raise Broken(f"is no {what}")
    at = start.end()
    while True:
        at = _end_of(_BETWEEN, text, at)
        if text.startswith("]", at):
            return
        try:
            found, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            more = next(texts, "") if len(text) - at <= MAX_ITEM else ""
            if not more:
                raise Broken(
                    "was cut off" if len(text) - at <= MAX_ITEM else f"has a {item} too long to be one"
                ) from error
            text, at = text[at:] + more, 0
            continue
        yield found


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
