"""What the list of bad inputs is made of: the test of an entry point holds a table of cases, each with its number.

``docs/bad-input.md`` has the list; a new way in gets a file beside this one with its own table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

LAST = 108
"""The highest number of the list."""

Given = TypeVar("Given")
Expected = TypeVar("Expected")


@dataclass(frozen=True, slots=True)
class Case(Generic[Given, Expected]):
    """One input of the list under ``number``, what it is in words, and what is to become of it."""

    number: int
    what: str
    given: Given
    expected: Expected

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
