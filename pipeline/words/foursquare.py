"""Foursquare's categories in the words of this project: kinds of business as tags of OpenStreetMap.

A label is a path, ``Dining and Drinking > Restaurant > Pizzeria``. ``foursquare.csv`` has the names that Overture does
not have, or means otherwise; the rest is that of ``overture.csv``.
Categories: https://docs.foursquare.com/data-products/docs/categories
"""

from __future__ import annotations

from pipeline.words import overture
from pipeline.words.kinds import mapped
from pipeline.words.text import folded

_CUISINE = "amenity=restaurant+cuisine="


def kind_of(label: str) -> str | None:
    """The kind of business a label means, or ``NO_BUSINESS``; None for one that nothing in it tells.

    The finest name that is known tells it; of restaurants the cuisines above it count as well: sushi is Japanese.
    """
    told = [kind for part in label.split(">") if (kind := _by_name("_".join(folded(part).split())))]
    if not told:
        return None
    cuisines = dict.fromkeys(
        kind.removeprefix(_CUISINE) for kind in reversed(told) if kind.startswith(_CUISINE)
    )
    return _CUISINE + ";".join(cuisines) if told[-1].startswith(_CUISINE) else told[-1]


def _by_name(name: str) -> str | None:
    own = mapped("foursquare.csv").get(name)
    known = None if own else overture.kind_of(name)
    return own or (known[0] if known else None)
