"""Texts that a spreadsheet would run as a formula (OWASP, "CSV Injection").

A text is looked at wherever a spreadsheet may begin a cell: at its beginning and behind the separators of lists, as
a spreadsheet that is set to semicolons, as in half of Europe, parts a file with commas there, quoted or not.
"""

from __future__ import annotations

import re
import unicodedata

_STARTS = frozenset("=+-@")
_MINUS = "\u2212"
_SEPARATOR = re.compile(r"([;|])")
_E164 = re.compile(r"\+[0-9]{6,15}")


def guarded(text: str) -> str:
    """One line of text with an apostrophe in front of each formula.

    A phone number that is exactly a plus and digits stays as it is. An apostrophe would break it for every system that
    imports the file, and a plus with digits can run nothing: a spreadsheet at worst drops the plus.
    """
    return "".join(map(_guarded, _SEPARATOR.split(text)))


def has_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text, or a part of it, for a formula."""
    return guarded(text) != text


def _guarded(part: str) -> str:
    place = next((place for place, char in enumerate(part) if not _hides_nothing(char)), len(part))
    if not _starts(part[place : place + 1]) or _E164.fullmatch(part.strip()):
        return part
    return f"{part[:place]}'{part[place:]}"


def _hides_nothing(char: str) -> bool:
    """What may stand before a formula: blanks are trimmed, quotes open and close nothing, a lone mark is not seen."""
    return char.isspace() or char == '"' or unicodedata.category(char) in ("Mn", "Me")


def _starts(char: str) -> bool:
    """Whether a sign begins a formula: also full width, small, raised or lowered, and the minus of mathematics."""
    return char != "" and (char == _MINUS or unicodedata.normalize("NFKC", char)[:1] in _STARTS)
