"""What a service answers when it does not do what it was asked; the message is written for the person.

Refused
├── NotAllowed    this person has no right to it
├── NotFound      there is no such thing, or it is not theirs: the two look the same on purpose
├── Conflict      it was clear and allowed, and does not fit how things are now
├── Invalid       a value is missing or wrong
└── TooMany       too often in too short a time

Whoever only wants to tell the person catches Refused. An HTTP interface answers each with its own status
(``api/refusals.py``); the command line prints the sentence and ends with exit code 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store.database import PAUSES

DATABASE_AWAY: Final = PAUSES
"""What a service raises while the database does not answer; it is worth asking again."""


class Refused(Exception):
    """The request was understood and not carried out. Raised only as one of the kinds below."""


class NotAllowed(Refused):
    """This person has no right to it, whatever they send."""


class NotFound(Refused):
    """No such thing for this person."""


class Conflict(Refused):
    """It does not fit the state things are in; later or after another step it may."""


class Invalid(Refused):
    """A value is missing or wrong; ``fields`` says about which ones, by name, each with its sentence."""

    def __init__(self, said: str | Mapping[str, str]) -> None:
        """``said`` is a sentence about the whole, or one for each wrong field."""
        self.fields: dict[str, str] = {} if isinstance(said, str) else dict(said)
        super().__init__(said if isinstance(said, str) else " ".join(said.values()))


class TooMany(Refused):
    """Too often in too short a time; the sentence says how long to wait."""
