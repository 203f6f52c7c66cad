"""What keeps the embedded servers from running, said for the person at the terminal."""

from __future__ import annotations


class CannotStart(Exception):
    """The installation cannot be started; the message says why and what to do."""
