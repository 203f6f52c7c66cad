"""Which businesses the workspace's book holds already, asked in batches as businesses are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from pipeline.company_keys import Stand, company_keys, is_in_book
from pipeline.lead import Business

T = TypeVar("T")
BATCH = 2000
"""Keys asked for at a time."""


class Familiar:
    """Tells businesses the book holds from new ones. No key is asked for twice: a company is known to a search, or new,
    as the search first met it."""

    def __init__(self, stands: Callable[[Sequence[bytes]], Mapping[bytes, Stand]]) -> None:
        """``stands`` gives where the companies stand that keys lead to."""
        self._stands = stands
        self._asked: set[bytes] = set()
        self._book: dict[bytes, Stand] = {}

    def among(self, businesses: Sequence[Business]) -> frozenset[str]:
        """The ``key`` of each of the businesses that is in the book."""
        hashes = (key.hashed for business in businesses for key in company_keys(business) if key.is_sought)
        for batch in in_batches([hashed for hashed in dict.fromkeys(hashes) if hashed not in self._asked]):
            self._asked.update(batch)
            self._book |= self._stands(batch)
        return frozenset(business.key for business in businesses if is_in_book(business, self._book))


def in_batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Values in parts of at most ``BATCH``."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
