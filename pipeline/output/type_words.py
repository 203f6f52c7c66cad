"""How a typed type of business was understood, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.words.categories import label_for
from pipeline.words.understanding import How, Understood


def told(found: Understood, known: int | None) -> str:
    """``“Friseur” → Hairdresser, 133 known``, and what was left out of it."""
    if found.how is How.UNKNOWN:
        return unknown(found)
    number = "" if known is None else f", {known:,} known"
    left = [f"“{word}”" for word in (*found.left_out, *([found.place] if found.place else []))]
    rest = f" Not part of the type: {', '.join(left)}." if left else ""
    return f"“{found.typed}” → {_meant(found)}{number}.{rest}"


def unknown(found: Understood) -> str:
    """Nobody understands a word: what it may be, and what else can be done."""
    labels = [choice.label for choice in found.alternatives[:3]]
    meant = f" Did you mean {_either(labels)}?" if labels else " Choose a type from the list."
    return f"“{found.typed}” is no type of business known here.{meant} Or search names for it."


def two_places(typed: str, place: str, location: str) -> str:
    """A type names another place than the order."""
    return (
        f"“{typed}” names {place}, but the place to look in is {location}. Take it out, or look in {place}."
    )


def _meant(found: Understood) -> str:
    words = ", ".join(f"“{word}”" for word in found.words)
    match found.how:
        case How.BY_NAME:
            return f"businesses whose name or description says {words}"
        case How.NARROWED:
            return f"{found.label} that also says {words}"
        case How.GROUP:
            return f"{found.label}, {len(found.tags)} kinds"
        case How.TAG:
            return f"{label_for(found.tags[0])} ({found.tags[0]})"
    return found.label


def _either(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"
