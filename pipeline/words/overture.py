"""Overture's categories of places in the words of this project: kinds of business as tags of OpenStreetMap.

``overture.csv`` holds a kind a line and the categories that mean it, of the taxonomy of 2026, the one of 2025 and the
older ``categories``; ``-`` stands for those that are no business. ``data/PROVENANCE.md`` says where the names are from.
Taxonomy: https://docs.overturemaps.org/guides/places/taxonomy/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from pipeline.words.kinds import NO_BUSINESS, mapped

_RESTAURANT = "_restaurant"


class By(Enum):
    """What told the kind of a category."""

    NAME = "its own name"
    ANCESTOR = "a category above it"
    BASIC = "its basic category"


def kinds() -> Mapping[str, str]:
    """Every category the file names, to its kind."""
    return mapped("overture.csv")


def kind_of(primary: str, above: Sequence[str] = (), basic: str | None = None) -> tuple[str, By] | None:
    """The kind of business a category is, or ``NO_BUSINESS``, and what told it; None for one that nothing tells.

    ``above`` is its hierarchy, the widest first. The widest says too little to go by, but for what is no business.
    """
    known = kinds()
    if own := known.get(primary) or _by_cuisine(primary):
        return own, By.NAME
    for name in reversed(above[1:]):
        if told := known.get(name):
            return told, By.ANCESTOR
    if told := known.get(basic or ""):
        return told, By.BASIC
    is_apart = bool(above) and known.get(above[0]) == NO_BUSINESS
    return (NO_BUSINESS, By.ANCESTOR) if is_apart else None


def _by_cuisine(primary: str) -> str | None:
    """A restaurant is told by its cuisine: ``peruvian_restaurant``."""
    if not primary.endswith(_RESTAURANT):
        return None
    return f"amenity=restaurant+cuisine={primary.removesuffix(_RESTAURANT)}"
