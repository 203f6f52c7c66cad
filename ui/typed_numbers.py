"""Numbers as people write them in an address: ``1,50``, ``１０``, ``0.5``; what is none is said, never guessed."""

from __future__ import annotations

import math
import re
import unicodedata

# A comma before exactly three digits may part thousands as well as decimals, so such a number is not guessed.
_NUMBER = re.compile(r"[+-]?\d*(?:\.\d+|,\d{1,2}|,\d{4,})?(?:e[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)
# The largest whole number that a browser's fields hold exactly.
_LARGEST = 2**53 - 1


def number(text: str) -> float:
    """Raises ValueError when ``text`` is no number, is endless, or can be read in two ways."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text)
    value = float(plain.replace(",", "."))
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise ValueError(text)
    return value


def whole_number(text: str) -> int:
    """Raises ValueError for what ``number`` refuses, and for fractions."""
    value = number(text)
    if not value.is_integer():
        raise ValueError(text)
    return int(value)


def as_text(value: float) -> str:
    """The shortest text that ``number`` reads back as ``value``: ``2``, ``1.5``."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
