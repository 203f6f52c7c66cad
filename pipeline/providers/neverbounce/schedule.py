"""When addresses are checked one by one and when as a list.

NeverBounce may lock accounts that walk lists through single checks, runs 10 lists at a time and 50 a day, and asks for
at most 10 lists an hour for each 100,000 addresses (developers.neverbounce.com). So a handful of a campaign's addresses
is checked alone, the rest in a few lists, each larger than the one before, while look-ups go on.
"""

from __future__ import annotations

HANDFUL = 20
"""Up to so many addresses of a run are checked one by one; our reading of "a handful"."""
MOST_LISTS = 4
"""Lists of one run at most."""
_EARLY = (50, 200)
"""How many addresses have to wait for a list while nobody knows how many are to come: the first, then the second."""
_NEARLY = 30
"""Leads still to come of which, with addresses for two in three, a handful has one: the time for the main list."""
_SMALL, _SMALLEST = 10, 6
"""Addresses worth a list when what is still to come can be checked one by one, surely and probably."""


class Schedule:
    """Decides for one run; ``had_lists``: an earlier run has sent some, so this one sends none early."""

    def __init__(self, *, had_lists: bool) -> None:
        self._early = () if had_lists else _EARLY
        self._lists = 0
        self._singles = HANDFUL
        self._is_tight = False
        self._had_main = False

    @property
    def is_used_up(self) -> bool:
        """Whether neither a list nor a single check is left."""
        return self._lists >= MOST_LISTS and not self._singles

    def singles(self, waiting: int, coming: int | None) -> int:
        """How many of the waiting addresses are to be checked alone now: all or none, but for the last ones of all."""
        if coming is not None and waiting + coming <= self._singles:
            self._singles -= waiting
            return waiting
        if coming == 0 and self._lists >= MOST_LISTS:
            left, self._singles = min(waiting, self._singles), 0
            return left
        return 0

    def has_list(self, waiting: int, coming: int | None) -> bool:
        """Whether the waiting addresses are to be sent as a list now."""
        if coming == 0:
            is_time = self._lists < MOST_LISTS
        elif self._is_tight:
            is_time = False
        elif coming is not None and coming <= _NEARLY:
            enough = waiting >= _SMALL and coming <= HANDFUL if self._had_main else waiting >= _SMALLEST
            is_time = enough and self._lists < MOST_LISTS - 1
            self._had_main = self._had_main or is_time
        else:
            is_time = self._lists < len(self._early) and waiting >= self._early[self._lists]
        self._lists += is_time
        return is_time

    def no_list(self, *, is_tight: bool) -> None:
        """The list was not sent after all; ``is_tight``: the budget does not pay for it while look-ups go on."""
        self._lists -= 1
        self._is_tight = self._is_tight or is_tight
