"""Named moments at which a process can be told to die, so that every one of them is tried.

``CRASH_AT`` is ``label:n:who:mark``: at the n-th time this process passes ``label``, ``who`` (``self``, ``parent`` or
``both``) is killed without a word; ``freeze`` stops the process where it stands. The file ``mark`` is made first, and
whoever finds it there goes on: one order kills once, however many processes inherit it. Unset, as it is outside of
tests, passing costs one comparison.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter

_ORDER = os.environ.get("CRASH_AT", "")
_PASSED: Counter[str] = Counter()
_GUARD = threading.Lock()


def here(label: str) -> None:
    """This moment has come."""
    if _ORDER.startswith(f"{label}:"):
        _die(*_ORDER.split(":", 3))


def _die(label: str, number: str, who: str, mark: str) -> None:
    with _GUARD:
        _PASSED[label] += 1
        if _PASSED[label] != int(number):
            return
        try:
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
    if who == "freeze":
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    if who != "self":
        os.kill(os.getppid(), signal.SIGKILL)
    if who != "parent":
        os.kill(os.getpid(), signal.SIGKILL)
