"""A double click is one wish: what was done a moment ago, or is being done, is not done again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

_HELD = "wish_of_a_moment_ago"
_MOMENT_S = 10.0
"""How long the same wish counts as a double click; our own choice, longer than a page of a slow server takes."""
_Made = TypeVar("_Made")


@dataclass(slots=True)
class _Wish:
    mark: str
    lock: Lock = field(default_factory=Lock, repr=False)
    at_s: float | None = None
    made: Any = field(default=None, repr=False)


def once(wish: object, act: Callable[[], _Made]) -> _Made:
    """What ``act`` returns; when the very same ``wish`` was fulfilled a moment ago, what it returned then.

    Streamlit answers a second click in a thread of its own and forgets what the first one writes into the session from
    then on. So the second waits for the first, and whoever calls this does with the result the same for both.
    """
    # A wish may hold a password, and the session keeps what it is compared with.
    mark = hashlib.sha256(repr(wish).encode(errors="backslashreplace")).hexdigest()
    held: _Wish | None = st.session_state.get(_HELD)
    if held is None or held.mark != mark:
        held = st.session_state[_HELD] = _Wish(mark)
    with held.lock:
        if held.at_s is None or monotonic() - held.at_s >= _MOMENT_S:
            held.made = act()
            held.at_s = monotonic()
        made: _Made = held.made
        return made


def forget() -> None:
    """What was done was taken back: the same wish is another one."""
    st.session_state.pop(_HELD, None)
