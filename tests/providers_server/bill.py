"""What the stand-in charges for: one line for each request or listed address, as a real provider's bill would hold it.

Charged are a page of Google's Text Search and a geocoding, a domain search of Hunter that returns an address, and each
address NeverBounce checks, alone or in a list.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

ANSWERED, TOO_FAST = "answered", "too_fast"


@dataclass(slots=True)
class Billed:
    """One line: what was asked, its price, and how the request was answered.

    ``request`` numbers the requests, so that the lines of one list belong together. ``argument`` is the domain, the
    e-mail address, the place, or for a page of places the JSON of ``text``, ``rectangle`` and ``page``.
    ``price_micros`` is 0 for what was answered for nothing and for a refusal for coming too fast. ``outcome`` is
    ``answered``, ``too_fast`` or ``late`` with what came instead of the answer.
    """

    provider: str
    operation: str
    argument: str
    price_micros: int
    outcome: str
    at: float
    request: int


class Bill:
    """All lines since the last reset, in order."""

    def __init__(self) -> None:
        self.lines: list[Billed] = []

    def charge(self, provider: str, operation: str, argument: str, price_micros: int, request: int) -> Billed:
        """Write a line of an answered request."""
        line = Billed(provider, operation, argument, price_micros, ANSWERED, time.time(), request)
        self.lines.append(line)
        return line

    def as_json(self) -> Sequence[dict[str, Any]]:
        """The lines as JSON."""
        return [asdict(line) for line in self.lines]
