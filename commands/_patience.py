"""Outlasting a pause of the database: who waits at a terminal is told once, and it goes on from there."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from tqdm import tqdm

from store.database import PAUSES
from store.interruptible import pause
from store.readiness import refuses_login

T = TypeVar("T")
# A restart of Postgres with recovery takes seconds to a minute.
PATIENCE_S = 120.0
ANSWER_S = 15.0
_POLL_S = 0.5


class LostSight(Exception):
    """The database stayed away; the message says what is known and how to learn the rest."""


def say(sentence: str) -> None:
    """A line on standard error, above a progress bar that may be there."""
    tqdm.write(sentence, file=sys.stderr)


def through_pauses(action: Callable[[], T], lost: str) -> T:
    """What ``action`` returns, tried again while the database is away; ``action`` must bear being repeated.

    Raises LostSight with ``lost`` after ``PATIENCE_S``, and what no waiting mends at once: a server that refuses us.
    """
    away_since_s: float | None = None
    while True:
        try:
            found = action()
        except PAUSES as error:
            if refuses_login(error):
                raise
            now_s = time.monotonic()
            if away_since_s is None:
                away_since_s = now_s
                say(
                    f"The database does not answer at the moment; waiting for it for up to {PATIENCE_S:g} seconds."
                )
            if now_s - away_since_s > PATIENCE_S:
                raise LostSight(f"The database has not answered for {PATIENCE_S:g} seconds. {lost}") from None
            pause(_POLL_S)
        else:
            if away_since_s is not None:
                say("The database answers again.")
            return found
