"""The words of a street line, short forms written out, to compare by."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

from pipeline.place import Place
from pipeline.words.text import folded

_LONG = MappingProxyType(
    {
        "st": "street", "str": "street", "strasse": "street", "ave": "avenue", "av": "avenue", "rd": "road",
        "dr": "drive", "blvd": "boulevard", "ln": "lane", "hwy": "highway", "pl": "place", "ct": "court",
        "sq": "square", "pkwy": "parkway", "trl": "trail", "n": "north", "s": "south", "e": "east", "w": "west",
        "ste": "suite", "jl": "jalan", "jln": "jalan", "r": "rua", "c": "calle", "cra": "carrera", "avenida": "avenue",
    }
)  # fmt: skip


_NUMBER = re.compile(r"(?<![^\W_])\d+(?:\s?[-\u2010-\u2015\u2212]\s?\d+)*")


def house_marks(place: Place) -> tuple[str, ...]:
    """The numbers of the street line, to compare by: one hand writes ``124`` where another writes ``124A`` or
    ``124 b``, and ``6103`` for ``61-03``, so letters do not count, and a range counts as one and by its parts."""
    # Japanese addresses come in wide digits and narrow ones.
    said = unicodedata.normalize("NFKC", f"{place.street or ''} {place.housenumber or ''}")
    runs = [re.findall(r"\d+", found) for found in _NUMBER.findall(said)]
    marks = (mark for parts in runs for mark in (*parts, "".join(parts)))
    return tuple(dict.fromkeys(marks))


def street_words(place: Place) -> tuple[str, ...]:
    """Street and house number, in this order: ``Hafenstr. 5`` gives ``hafenstr 5``."""
    said = (
        folded(f"{place.street or ''} {place.housenumber or ''}")
        .replace("strasse", "str")
        .replace("straße", "str")
    )
    return tuple(_LONG.get(word, word) for word in said.split())
