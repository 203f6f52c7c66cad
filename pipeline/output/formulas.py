"""Texts that a spreadsheet would run as a formula (OWASP, "CSV Injection").

A text is looked at wherever a spreadsheet may begin a cell: at its beginning and behind the separators of lists, as
a spreadsheet that is set to semicolons, as in half of Europe, parts a file with commas there, quoted or not. A file
whose cells are parted by another sign has the comma among its ``separators``, for the spreadsheets that are set to it.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection
from functools import cache
from operator import itemgetter

from pipeline.words.unseen import BLANK_LETTERS

SEPARATORS = ";|"
"""Where a spreadsheet may begin a cell inside one of a file with commas."""

_STARTS = frozenset("=+-@")
_PRINTABLE_ASCII = bytes(range(0x20, 0x7F))
_MINUS = "\u2212"
_E164 = re.compile(r"\+[0-9]{6,15}")
_BETWEEN = "; "
_NUMBERS = re.compile(rf"{_E164.pattern}(?:{_BETWEEN}{_E164.pattern})*")


def guarded(text: str, separators: str = SEPARATORS) -> str:
    """One line of text with an apostrophe in front of each formula.

    A phone number that is exactly a plus and digits stays as it is. An apostrophe would break it for every system that
    imports the file, and a plus with digits can run nothing: a spreadsheet at worst drops the plus.
    """
    parts = _between(separators).split(text)
    parts[::2] = map(_guarded, parts[::2])
    return "".join(parts)


def has_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text, or a part of it, for a formula."""
    return guarded(text) != text


def is_harmless(text: str, separators: str = SEPARATORS) -> bool:
    """Whether a text is one clean line without a quote, and ``guarded`` would leave it as it is.

    The quick answer for most texts, by searches that are loops in C. No means that a closer look is needed.
    """
    if not text[:1].isalnum():
        return _NUMBERS.fullmatch(text) is not None
    # One sign is found many times as fast as two, and most columns hold no blank.
    if '"' in text or text[-1] == " " or (" " in text and "  " in text):
        return False
    rest = _without_plain(text)
    if not rest.isprintable() or BLANK_LETTERS.search(rest):
        return False
    return not any(sign in text and _odd_behind(sign).search(text) for sign in separators)


def are_harmless(texts: Collection[str], separators: str = SEPARATORS, most: int = sys.maxsize) -> bool:
    """Whether each of these texts, none of them empty, is harmless and has at most so many characters; quicker than
    asking about one after the other.

    No means that at least one needs a closer look. Raises TypeError where not all are texts.
    """
    # One that begins or ends with a blank is known by two of them.
    together = " ".join(texts)
    if len(together) > most and max(map(len, texts)) > most:
        return False
    if not "".join(map(itemgetter(0), texts)).isalnum():
        return _NUMBERS.fullmatch(_BETWEEN.join(texts)) is not None
    return is_harmless(together, separators)


def _without_plain(text: str) -> str:
    """What of a text is not printable ASCII; of most texts nothing."""
    return (
        text.encode(errors="surrogatepass").translate(None, _PRINTABLE_ASCII).decode(errors="surrogatepass")
    )


@cache
def _between(separators: str) -> re.Pattern[str]:
    return re.compile(f"([{re.escape(separators)}])")


@cache
def _odd_behind(separator: str) -> re.Pattern[str]:
    """The separator with something else behind it than a letter or a digit, a blank between them or none. One sign is
    found several times as fast as one of several."""
    return re.compile(rf"{re.escape(separator)}(?! ?[^\W_])")


def _guarded(part: str) -> str:
    bare = part.strip()
    if bare[:1].isalnum() or _E164.fullmatch(bare):
        return part
    place = next((place for place, char in enumerate(part) if not _hides_nothing(char)), len(part))
    if not _starts(part[place : place + 1]):
        return part
    return f"{part[:place]}'{part[place:]}"


def _hides_nothing(char: str) -> bool:
    """What may stand before a formula: blanks are trimmed, quotes open and close nothing, a lone mark is not seen."""
    return char.isspace() or char == '"' or unicodedata.category(char) in ("Mn", "Me")


def _starts(char: str) -> bool:
    """Whether a sign begins a formula: also full width, small, raised or lowered, and the minus of mathematics."""
    return char != "" and (char == _MINUS or unicodedata.normalize("NFKC", char)[:1] in _STARTS)
