"""Text as people see it, on one line, and as they compare it: letter case, accents and punctuation aside."""

from __future__ import annotations

import re
import unicodedata

from pipeline.words.unseen import BLANK_LETTERS, visible

# Letters that Unicode does not decompose but people type without their stroke or as two letters.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ı": "i",
        "&": " and ",
        "+": " ",
    }
)
_WORDS = re.compile("[a-z0-9]+")
_LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_BEYOND_LATIN = re.compile("[^\u0000-\u036f]")
_SILENT = re.compile("['’‘`´.·\u200c\u200d]")


def one_line(text: str) -> str:
    """What is visible of a text, on one line with single spaces.

    The one rule for names that are typed, quoted, mailed and exported.
    """
    if text.isprintable() and (text.isascii() or not BLANK_LETTERS.search(text)):
        # The same by a quicker way: most text holds nothing else.
        return " ".join(text.split())
    return " ".join(visible(text).split())


def folded(text: str) -> str:
    """Words in lower case without accents and punctuation, separated by single spaces.

    ``Café "L'Été" & Söhne`` becomes ``cafe lete and sohne``. Scripts without letter case stay as they are.
    """
    if text.isascii():
        # The same by a quicker way: most names are.
        return _plain_words(_SILENT.sub("", text.lower()))
    bare = _SILENT.sub("", unicodedata.normalize("NFKD", text.casefold()))
    if _BEYOND_LATIN.search(bare):
        plain = "".join(char for char in bare if unicodedata.category(char) != "Mn")
    else:
        # The same by a quicker way: names in Latin letters have no other marks.
        plain = _LATIN_MARKS.sub("", bare)
    if plain.isascii():
        return _plain_words(plain)
    return " ".join(_LETTERS_AND_DIGITS.findall(plain.translate(_LETTERS)))


def _plain_words(lower: str) -> str:
    return " ".join(_WORDS.findall(lower.replace("&", " and ")))


def singular(word: str) -> str:
    """An English word without its plural ending; only for comparing, both sides get the same treatment."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
