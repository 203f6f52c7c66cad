"""What keeps the embedded servers from running and their programs from working, for the person at the terminal."""

from __future__ import annotations


class CannotStart(Exception):
    """The installation cannot be started; the message says why and what to do."""


class CannotBackUp(Exception):
    """A backup cannot be made or restored; the message says why, and what to do."""
