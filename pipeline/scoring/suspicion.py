"""A success that is worth a look: a campaign that ended without a fault, and yet with less than it should have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import median

ENOUGH_LEADS = 10
"""Campaigns with fewer leads say nothing about what is usual, and are not measured by it."""
ENOUGH_CAMPAIGNS = 3
RECENT_CAMPAIGNS = 20
"""How many of the newest campaigns make the usual: what stays different for long becomes the usual."""
_FAR_BELOW = 3  # Less than a third of the usual share,
_CHANCE = 0.001  # and that seldom by chance alone.


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What a completed campaign brought: its leads, and how many of them have an e-mail address."""

    leads: int
    emails: int

    @property
    def share(self) -> float:
        return self.emails / self.leads if self.leads else 0.0


def suspicion(found: Yield, others: Sequence[Yield]) -> str | None:
    """Why a completed campaign is worth a look, or None when it is not.

    ``others`` are the workspace's recent completed campaigns with the same look-ups.
    """
    if found.leads == 0:
        return "It ended without a fault and yet has no leads."
    usual = [other.share for other in others if other.leads >= ENOUGH_LEADS]
    if found.leads < ENOUGH_LEADS or len(usual) < ENOUGH_CAMPAIGNS:
        return None
    share = median(usual)
    if found.share * _FAR_BELOW >= share or _at_most(found, share) > _CHANCE:
        return None
    few = {0: "None", 1: "Only one"}.get(found.emails, f"Only {found.emails:,}")
    have = "has" if found.emails <= 1 else "have"
    return (
        f"{few} of {found.leads:,} leads {have} an e-mail address; in your campaigns with the same look-ups usually"
        f" {share * 100:.0f} % have one. A provider or the websites may not have answered as usual."
    )


def _at_most(found: Yield, share: float) -> float:
    """How likely so few addresses are, were each lead to have one with the probability ``share``."""
    return sum(
        comb(found.leads, hits) * share**hits * (1 - share) ** (found.leads - hits)
        for hits in range(found.emails + 1)
    )
