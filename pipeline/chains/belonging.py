"""Which chain a place belongs to, if any."""

from __future__ import annotations

import re

from pipeline.chains.brands import by_name, by_wikidata
from pipeline.place import Place
from pipeline.words.text import folded, one_line

_NONE = frozenset({"no", "none", "independent", "various", "unknown"})
_LONG = 6
"""A name of so many letters, or of several words, is one of its own: what follows it tells the branches apart."""
_WHERE = ("addr:suburb", "addr:district", "addr:place", "branch")
_SEVERAL = re.compile(r"[;,]")
# Whoever sells or mends these names the makes as brands; only a name with the make in it says that it is one of them.
_SELLS_MAKES = frozenset(
    f"shop={kind}"
    for kind in ("bicycle", "boat", "car", "car_parts", "car_repair", "motorcycle", "tyres", "watches")
)
# Alone these say what is sold, not by whom.
_COMMON = frozenset(
    {
        *(
            "the",
            "and",
            "la",
            "le",
            "el",
            "bar",
            "beauty",
            "best",
            "burger",
            "cafe",
            "city",
            "coffee",
            "fashion",
        ),
        *(
            "food",
            "grill",
            "gym",
            "hair",
            "hotel",
            "house",
            "kebab",
            "market",
            "pizza",
            "pub",
            "restaurant",
            "room",
        ),
        *("salon", "shop", "store", "super", "sushi", "tea"),
    }
)


def chain_of(place: Place, country: str | None) -> str | None:
    """What people call the chain, None for an independent business as far as is known.

    What the record itself says counts first: ``brand:wikidata``, then ``brand``; then the name, where a chain of that
    name runs such businesses in the ``country`` (ISO 3166 alpha-2).
    """
    known = by_wikidata().get(place.tags.get("brand:wikidata", "").strip())
    return known or _own(place) or _by_name(place, country)


def _own(place: Place) -> str | None:
    """The brand a record names; several are what a business sells, not whom it belongs to."""
    brand = one_line(place.brand or "")
    plain = folded(brand)
    if not plain or plain in _NONE or _SEVERAL.search(brand):
        return None
    if place.category in _SELLS_MAKES and f" {plain} " not in f" {folded(place.name)} ":
        return None
    return brand


def _by_name(place: Place, country: str | None) -> str | None:
    """The chain whose name the place bears, alone or before what tells its branches apart."""
    chains = by_name(country)
    words = folded(place.name).split()
    near = (place.street, place.city, *(place.tags.get(key) for key in _WHERE))
    where = {word for text in near if text for word in folded(text).split()}
    for length in range(len(words), 0, -1):
        start, rest = words[:length], words[length:]
        name = " ".join(start)
        if name not in chains:
            continue
        is_whole = all(word in where or word.isdigit() for word in rest)
        is_own = (length > 1 or len(name) >= _LONG) and not _COMMON.issuperset(start)
        if is_whole or is_own:
            for brand in chains[name]:
                if place.category in brand.categories:
                    return brand.label
    return None
