"""How verifiers go through the addresses of a lead, and how they tell it."""

from __future__ import annotations

from collections.abc import Sequence

MOST_ADDRESSES = 3
"""Addresses of one lead that a verifier is asked about at most, while those before are of no use; our own choice."""
TOO_MANY = f"Its other addresses were not checked: of one lead it is {MOST_ADDRESSES} at most."


def said_of(said: Sequence[tuple[str, str]], email: str | None, last: str | None = None) -> str:
    """What was said of each address. One alone needs no name, unless the lead has another by now: a sentence about an
    address must not stand beside the next."""
    is_plain = len(said) == 1 and said[0][0] == email and not last
    sentences = [text if is_plain else f"{address}: {text}" for address, text in said]
    return " ".join([*sentences, *([last] if last else [])])
