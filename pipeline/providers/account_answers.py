"""Reading what a provider says of the account behind a key."""

from __future__ import annotations

from typing import Any

from pipeline.money.calls import Json
from pipeline.network.http import unreadable

TAKEN = "the key is taken"


def part(body: Json, *names: str) -> dict[str, Any]:
    """What stands under these names, one in the other; nothing where that is no object."""
    found: Any = body
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def credit_left(source: str, available: object, used: object = 0) -> str:
    """In words. Raises SourceError for what is no number."""
    try:
        return f"{TAKEN}, {float(str(available)) - float(str(used)):,.0f} credits left"
    except ValueError:
        raise unreadable(source) from None
