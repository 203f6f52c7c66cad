"""The words of a street line, short forms written out, to compare by."""

from __future__ import annotations

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


def street_words(place: Place) -> tuple[str, ...]:
    """Street and house number, in this order: ``Hafenstr. 5`` gives ``hafenstr 5``."""
    said = (
        folded(f"{place.street or ''} {place.housenumber or ''}")
        .replace("strasse", "str")
        .replace("straße", "str")
    )
    return tuple(_LONG.get(word, word) for word in said.split())
