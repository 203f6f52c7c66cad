"""Characters nobody sees: which of them a name needs, and which only hide something or turn what follows around.

Kept are the joiners where Unicode gives them a meaning: between letters of scripts that join or stack them (Persian,
Hindi, Malayalam …; RFC 5892, A.1 and A.2) and inside emoji (UTS 51, 2.3), where a family or a flag is several
characters; the tags of a flag of a part of a country (UTS 51, ED-14A); and the signs that Arabic script draws under the
number behind them.
"""

from __future__ import annotations

import re
import unicodedata

BLANK_LETTERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""Fillers of Hangul and the empty Braille cell: letters and signs by their category, and blank on every screen."""

_NON_JOINER, _JOINER = "\u200c", "\u200d"
# Control characters, lone surrogates and line breaks end a line, a cell or a header.
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_FORMAT = "Cf"
_FLAG_WITH_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)")
_SIGNS_UNDER_NUMBERS = frozenset(map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)))
_JOINING_SCRIPTS = (
    (0x0600, 0x08FF),  # Arabic, Syriac, Thaana, N'Ko, Mandaic
    (0x0900, 0x0DFF),  # from Devanagari to Sinhala
    (0x0F00, 0x109F),  # Tibetan, Myanmar
    (0x1780, 0x18AF),  # Khmer, Mongolian
    (0xA840, 0xA8FF),  # Phags-pa, Saurashtra, more of Devanagari
    (0xFB50, 0xFDFF),  # forms of Arabic
    (0xFE70, 0xFEFC),
    (0x11000, 0x11FFF),  # Brahmi and its like
)
_PARTS_OF_EMOJI = frozenset({"\ufe0f", "\u2194", *map(chr, range(0x1F3FB, 0x1F400))})
_VIRAMA = 9
"""The combining class of the sign that takes a consonant's vowel away."""


def visible(text: str) -> str:
    """The text with what is seen of it; what ends a line is a blank."""
    # A flag with tags stands at the odd places.
    pieces = _FLAG_WITH_TAGS.split(BLANK_LETTERS.sub(" ", text))
    return "".join(piece if place % 2 else _seen(piece) for place, piece in enumerate(pieces))


def _seen(text: str) -> str:
    seen: list[str] = []
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        if category in _BREAKS:
            seen.append(" ")
        elif category != _FORMAT or _is_needed(char, seen, text[place + 1 : place + 2]):
            seen.append(char)
    return "".join(seen)


def _is_needed(char: str, seen: list[str], following: str) -> bool:
    if char in (_NON_JOINER, _JOINER):
        return _means_something(char, seen[-1] if seen else "", following)
    return char in _SIGNS_UNDER_NUMBERS


def _means_something(joiner: str, before: str, following: str) -> bool:
    if joiner == _JOINER and _is_emoji(before) and _is_emoji(following):
        return True
    if not _joins(before):
        return False
    return _joins(following) or unicodedata.combining(before) == _VIRAMA


def _joins(char: str) -> bool:
    """Whether a letter, or a mark on one, is of a script that joiners have a meaning in."""
    return (
        char != ""
        and unicodedata.category(char)[0] in "LM"
        and any(first <= ord(char) <= last for first, last in _JOINING_SCRIPTS)
    )


def _is_emoji(char: str) -> bool:
    """A picture, a shade of skin or the mark that asks for colour."""
    return char != "" and (unicodedata.category(char) == "So" or char in _PARTS_OF_EMOJI)
