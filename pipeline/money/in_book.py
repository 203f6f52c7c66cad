"""What of an order's businesses is in the workspace's book already or a customer, as its plan says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What leaving companies of the book out saves: look-ups about them, and what those cost in micro-dollars, each
    from low to high."""

    look_ups: tuple[int, int] = (0, 0)
    cost_micros: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class InBook:
    """Of ``of`` businesses known before the start ``known`` are in the book already.

    ``is_whole``: these are all that are known; otherwise the nearest. ``asked`` names the sources whose businesses are
    only known, and compared with the book, when the campaign asks them. ``saved`` is None where it cannot be told which
    of them would be leads.
    """

    known: int
    of: int
    is_whole: bool = True
    asked: tuple[str, ...] = ()
    saved: Saved | None = None

    @property
    def fresh(self) -> int:
        """How many are new."""
        return self.of - self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Of ``of`` businesses known before the start ``number`` are on a list of customers; ``is_whole`` and ``asked`` as
    of the book."""

    number: int
    of: int
    is_whole: bool = True
    asked: tuple[str, ...] = ()

    @property
    def others(self) -> int:
        """How many are none."""
        return self.of - self.number
