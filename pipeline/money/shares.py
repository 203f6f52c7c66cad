"""Shares that past campaigns showed, with their uncertainty: what a plan is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

DRAWS = 1000
"""How many courses of a campaign a plan is read from: a hundredth at either end are ten of them."""
_LEAST_TOLD, _MOST_TOLD = 8.0, 80.0
"""Questions that tell of the next campaign, at least and at most: shares differ from campaign to campaign."""
_ENOUGH_CAMPAIGNS = 3

Numbers: TypeAlias = npt.NDArray[np.int64]
Truths: TypeAlias = npt.NDArray[np.bool_]
Reals: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of those ``asked`` were ``hits``. ``prior``: what is thought before anything was asked, as a beta
    distribution; the even one says nothing at all. ``tells``: how many questions of the past tell of the next
    campaign."""

    asked: int = 0
    hits: int = 0
    tells: float = 30.0
    prior: tuple[float, float] = (1.0, 1.0)

    def drawn(self, rng: np.random.Generator) -> Reals:
        """One share (0-1) a course, as a column: what the share may be, given what was seen."""
        told = min(self.asked, self.tells)
        hits = told * self.hits / self.asked if self.asked else 0.0
        yes, no = self.prior
        weight = 1.0 / (1.0 + told / 4)  # The prior fades as campaigns tell.
        return rng.beta(yes * weight + hits + 0.02, no * weight + told - hits + 0.02, (DRAWS, 1))


EVEN = Share()
"""Nothing is known of the share."""
MOST = Share(prior=(1.0, 0.3))
"""Nothing is known, but hardly anything speaks against it."""
SITES = Share(prior=(3.5, 1.5))
"""Of businesses on a map about seven in ten have a site of their own; of a place nobody knows that is a guess."""
ALL = Share(prior=(60.0, 1.0))
HARDLY = Share(prior=(0.05, 20.0))
"""Of a place that was never searched, hardly any answer is held."""
EITHER = Share(prior=(0.5, 0.4))
"""Of one that was, most are or few."""
NEVER = Share(prior=(0.0, 1e6))
"""No answer that is held counts."""
SELDOM = Share(prior=(0.3, 2.0))
"""Of what a source knows where the workspace never looked, the book may hold some all the same."""


def between(rng: np.random.Generator, low: float, high: float) -> Reals:
    """Anything between two numbers, one a course."""
    return rng.uniform(low, high, DRAWS)


def of_campaigns(campaigns: Sequence[tuple[int, int]]) -> Share:
    """The share of several campaigns, each with its questions and hits.

    The more they differ among each other beyond chance, the less they tell of the next one. How far is read from
    Pearson's chi-square over its degrees of freedom, less what that itself varies by: for a beta-binomial it is 1 +
    (n - 1) / (tells + 1).
    """
    asked, hits = sum(number for number, _ in campaigns), sum(found for _, found in campaigns)
    known = [(number, found) for number, found in campaigns if number >= _LEAST_TOLD]
    if len(known) < _ENOUGH_CAMPAIGNS or not 0 < hits < asked:
        return Share(asked=asked, hits=hits)
    mean, freedom = hits / asked, len(known) - 1
    apart = (
        sum((found - number * mean) ** 2 / (number * mean * (1 - mean)) for number, found in known) / freedom
    )
    beyond = apart - 1 - (2 / freedom) ** 0.5
    size = sum(number for number, _ in known) / len(known)
    tells = (size - 1) / beyond - 1 if beyond > 0 else _MOST_TOLD
    return Share(asked=asked, hits=hits, tells=min(max(tells, _LEAST_TOLD), _MOST_TOLD))


def span(values: npt.NDArray[np.generic], tail: float = 0.015) -> tuple[int, int]:
    """The whole numbers that leave at most this share of the courses out at either end."""
    seen = values.astype(np.float64)
    low = np.quantile(seen, tail, method="lower")
    high = np.quantile(seen, 1 - tail, method="higher")
    return int(np.floor(low)), int(np.ceil(high))
