"""One thing that was looked at, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """``WARNING`` works, and should be looked after; ``WRONG`` keeps ProspectPro, or a part of it, from its work."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    SKIPPED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """``about`` is a word or two, ``said`` how it is, ``advice`` what to do, empty where there is nothing to."""

    about: str
    state: State
    said: str
    advice: str = ""


def ok(about: str, said: str) -> Finding:
    """It is as it should be."""
    return Finding(about, State.OK, said)


def warning(about: str, said: str, advice: str) -> Finding:
    """It works, and should be looked after."""
    return Finding(about, State.WARNING, said, advice)


def wrong(about: str, said: str, advice: str) -> Finding:
    """Something does not work."""
    return Finding(about, State.WRONG, said, advice)


def skipped(about: str, said: str) -> Finding:
    """It was not looked at."""
    return Finding(about, State.SKIPPED, said)


def lines(found: Finding, wide: int) -> tuple[str, ...]:
    """How a table says it; names take ``wide`` characters."""
    said = f"{found.state:<12} {found.about:<{wide}}  {found.said}"
    return (said, f"{'':<12} {'':<{wide}}  → {found.advice}") if found.advice else (said,)


def size(number: float) -> str:
    """Bytes in words."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
