"""Where the time of a paid campaign went, beside the least the providers' limits and latencies allow.

The least is that of the first page, then of the slower of the remaining pages and the Hunter searches its limits allow,
then one single check and 50 ms to store: all other addresses can be verified, in lists, while look-ups go on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.providers_server.google import PLACE_MICROS
from tests.providers_server.hunter import CREDIT_MICROS
from tests.providers_server.neverbounce import CHECK_MICROS

PLACES_S, HUNTER_S, CHECK_S, LIST_S, STORE_S = 0.2, 0.8, 0.1, 1.5, 0.05
_PER_S, _PER_MINUTE = 15, 500
LOOK_UPS_BAR, TOO_FAST_BAR, COST_BAR = 1.02, 0.005, 1.15


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Seconds by the machine's clock: when the campaign was ordered, when it had ended, and the bill between them."""

    ordered_s: float
    ended_s: float
    bill: Sequence[dict[str, Any]]

    @property
    def ideal_s(self) -> float:
        """The least the calls of this campaign need."""
        return PLACES_S + self._least_s + (CHECK_S if self._verified else 0) + STORE_S

    @property
    def over_s(self) -> dict[str, float]:
        """What each part took beyond the ideal; they sum up to the wall time beyond it."""
        pages = self._answers("text_search") or [self.ordered_s]
        searched = max([pages[0], *self._answers("domain_search")])
        verified = max([searched, *self._verified])
        late_pages = max(0.0, max(pages) - pages[0] - PLACES_S * (len(pages) - 1))
        looking = searched - pages[0] - self._least_s
        search = min(late_pages, max(0.0, looking))
        return {
            "start": pages[0] - self.ordered_s - PLACES_S,
            "search": search,
            "look-ups": looking - search,
            "verification": verified - searched - (CHECK_S if self._verified else 0),
            "storing": self.ended_s - verified - STORE_S,
        }

    @property
    def _least_s(self) -> float:
        """The slower of the remaining pages and the Hunter searches."""
        searches, pages = len(self._answers("domain_search")), len(self._answers("text_search"))
        minutes = max(0, searches - 1) // _PER_MINUTE
        in_bursts = searches / _PER_S
        hunter_s = max(in_bursts, minutes * 60 + (searches - minutes * _PER_MINUTE) / _PER_S)
        return max((pages - 1) * PLACES_S, hunter_s)

    @property
    def _verified(self) -> list[float]:
        """When each verdict could be known: a list has to be carried out first."""
        return [*self._answers("single_check"), *(at + LIST_S for at in self._answers("jobs_create"))]

    def _answers(self, operation: str) -> list[float]:
        return sorted(
            line["at"]
            for line in self.bill
            if line["operation"] == operation and line["outcome"] == "answered"
        )


@dataclass(frozen=True)
class Run:
    """One campaign and what it asked for."""

    timeline: Timeline
    leads: int
    pages: int
    searches: int
    found: int
    checked: int
    too_fast: int
    spent_micros: int
    done: int
    look_ups: int
    needed: int

    @property
    def wall_s(self) -> float:
        """From the order to the end."""
        return self.timeline.ended_s - self.timeline.ordered_s

    @property
    def ratio(self) -> float:
        """Its wall time, as a multiple of the best one."""
        return self.wall_s / self.timeline.ideal_s

    @property
    def too_fast_share(self) -> float:
        """Calls that were refused because they came too fast."""
        return self.too_fast / (self.pages + self.searches + self.too_fast)

    def missed(self) -> list[str]:
        """The bars it is over, but for its time."""
        figures = {
            f"look-ups/needed {self.look_ups / self.needed:.3f}": self.look_ups > self.needed * LOOK_UPS_BAR,
            f"too fast {self.too_fast_share:.2%}": self.too_fast_share > TOO_FAST_BAR,
            f"cost/ideal {self.spent_micros / self.ideal_micros:.3f}": (
                self.spent_micros > self.ideal_micros * COST_BAR
            ),
        }
        return [f"{self.leads} leads: {figure}" for figure, is_over in figures.items() if is_over]

    @property
    def serial_s(self) -> float:
        """The same calls one after the other."""
        return self.pages * PLACES_S + self.searches * HUNTER_S + LIST_S

    @property
    def ideal_micros(self) -> int:
        """The price of the calls that were needed."""
        return (
            math.ceil(self.leads / 20) * PLACE_MICROS
            + self.found * CREDIT_MICROS
            + self.checked * CHECK_MICROS
        )
