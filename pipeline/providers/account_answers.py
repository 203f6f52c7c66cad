"""Reading what a provider says of the account behind a key."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from pipeline.money.calls import Json
from pipeline.network.http import unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a provider says of the account behind a key it takes: the credits that are left and of how many, each None
    where it does not say."""

    credit_left: float | None = None
    whole: float | None = None

    @property
    def in_words(self) -> str:
        """For people, without a stop."""
        if self.credit_left is None:
            return "the key is taken"
        of = f" of {self.whole:,.0f}" if self.whole else ""
        return f"the key is taken, {self.credit_left:,.0f}{of} credits left"


def part(body: Json, *names: str) -> dict[str, Any]:
    """What stands under these names, one in the other; nothing where that is no object."""
    found: Any = body
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def number(source: str, said: object) -> float:
    """What a provider says, as a number. Raises SourceError."""
    try:
        found = float(str(said))
    except ValueError:
        raise unreadable(source) from None
    if not isfinite(found):
        raise unreadable(source)
    return found
